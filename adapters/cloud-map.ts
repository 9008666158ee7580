import {
  CreateServiceCommand,
  DeleteServiceCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  type ServiceDiscoveryClient,
  type ServiceSummary,
} from "@aws-sdk/client-servicediscovery";
import { isNamed } from "./fault.ts";

/** By it ours are told from others without asking for tags, which only ours may be asked for. */
const DESCRIPTION = "A service of a Shadowgraph overlay";
/** Of the DNS records; a task that is gone is asked for no longer. */
const TTL_SECONDS = 10;

export interface Registry {
  readonly id: string;
  readonly arn: string;
}

export interface NewRegistry {
  readonly label: string;
  /** The same for the same registry however often it is asked for. */
  readonly token: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The few verbs that we need of Cloud Map, in one namespace. Each can be called twice; faults are those of the SDK. */
export interface CloudMap {
  create(registry: NewRegistry): Promise<Registry>;
  /** False while instances are registered in it. Succeeds where there is none. */
  delete(label: string): Promise<boolean>;
  /** Those that were made here. */
  all(): Promise<readonly (Registry & { readonly label: string; readonly createdAt: number })[]>;
  tags(arn: string): Promise<Readonly<Record<string, string>>>;
}

export const createCloudMap = (client: ServiceDiscoveryClient, namespace: string): CloudMap => {
  async function* services(): AsyncIterable<ServiceSummary> {
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new ListServicesCommand({
          Filters: [{ Name: "NAMESPACE_ID", Values: [namespace], Condition: "EQ" }],
          NextToken,
        }),
      );
      yield* page.Services ?? [];
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }

  const find = async (label: string): Promise<Registry | undefined> => {
    for await (const { Name, Id, Arn } of services()) if (Name === label) return { id: Id ?? "", arn: Arn ?? "" };
    return undefined;
  };

  return {
    async create({ label, token, tags }) {
      try {
        const { Service } = await client.send(
          new CreateServiceCommand({
            Name: label,
            NamespaceId: namespace,
            CreatorRequestId: token,
            Description: DESCRIPTION,
            DnsConfig: { RoutingPolicy: "MULTIVALUE", DnsRecords: [{ Type: "A", TTL: TTL_SECONDS }] },
            // ECS says itself which tasks are healthy.
            HealthCheckCustomConfig: { FailureThreshold: 1 },
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          }),
        );
        return { id: Service?.Id ?? "", arn: Service?.Arn ?? "" };
      } catch (error) {
        // Made before, the answer being lost. The label holds a hash of the overlay's id: nobody else has it.
        const found = isNamed(error, "ServiceAlreadyExists") ? await find(label) : undefined;
        if (found === undefined) throw error;
        return found;
      }
    },

    async delete(label) {
      const found = await find(label);
      if (found === undefined) return true;
      try {
        await client.send(new DeleteServiceCommand({ Id: found.id }));
        return true;
      } catch (error) {
        if (isNamed(error, "ServiceNotFound")) return true;
        if (isNamed(error, "ResourceInUse")) return false;
        throw error;
      }
    },

    async all() {
      const found = [];
      for await (const { Name, Id, Arn, CreateDate, Description } of services())
        if (Description === DESCRIPTION)
          found.push({ label: Name ?? "", id: Id ?? "", arn: Arn ?? "", createdAt: CreateDate?.getTime() ?? 0 });
      return found;
    },

    async tags(arn) {
      const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
      return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value ?? ""]));
    },
  };
};
