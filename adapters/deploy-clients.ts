import { ECSClient } from "@aws-sdk/client-ecs";
import { ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import type { ClientSettings } from "./ports-of.ts";

/** Only the program that deploys overlays has them, and the rights for them. */
export interface DeployClients {
  readonly ecs: ECSClient;
  readonly cloudMap: ServiceDiscoveryClient;
}

const requestHandler = { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

export interface DeployClientSettings extends Pick<ClientSettings, "region" | "credentials"> {
  readonly endpoints?: { readonly ecs: string; readonly cloudMap: string };
  readonly maxAttempts?: number;
}

/** Throttled calls are tried again by the SDK, further and further apart. */
export const createDeployClients = ({
  endpoints,
  maxAttempts = 5,
  ...settings
}: DeployClientSettings = {}): DeployClients => {
  const at = (endpoint: string | undefined) => (endpoint === undefined ? {} : { endpoint });
  const common = { ...settings, maxAttempts, requestHandler };
  return {
    ecs: new ECSClient({ ...common, ...at(endpoints?.ecs) }),
    cloudMap: new ServiceDiscoveryClient({ ...common, ...at(endpoints?.cloudMap) }),
  };
};
