import { createCloudMap } from "../../adapters/cloud-map.ts";
import { createDeployClients } from "../../adapters/deploy-clients.ts";
import type { DeployPlace } from "../../adapters/deploy-env.ts";
import { createDeployer } from "../../adapters/deployer.ts";
import { createEcs } from "../../adapters/ecs.ts";
import { createEcsRollouts } from "../../adapters/ecs-rollouts.ts";
import type { Ports } from "../../adapters/ports.ts";
import { createReleaser } from "../../adapters/releaser.ts";
import type { Sweeping } from "./sweep.ts";

/** All that the program works with. */
export const sweepingOf = (
  place: DeployPlace,
  ports: Ports,
  now: () => number,
  clients = createDeployClients(),
): Sweeping => {
  const ecs = createEcs(clients.ecs);
  const cloudMap = createCloudMap(clients.cloudMap, place.OVERLAY_NAMESPACE_ID);
  return {
    ports,
    deployer: createDeployer(ecs, cloudMap, place),
    releaser: createReleaser(ecs, createEcsRollouts(clients.ecs)),
    cloudMap,
    taskRole: place.OVERLAY_TASK_ROLE,
    lookSeconds: place.DEPLOY_LOOK_SECONDS,
    now,
  };
};
