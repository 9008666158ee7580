import type { ISecurityGroup } from "aws-cdk-lib/aws-ec2";
import { Cluster, ContainerInsights, type ICluster } from "aws-cdk-lib/aws-ecs";
import { Construct } from "constructs";
import { MarkKey } from "./mark-key.ts";
import { GivenNetwork, type GivenNetworkProps, type Place } from "./network.ts";
import { type ServiceSettings, ServiceTees, type ServiceTeesProps } from "./service-tees.ts";
import type { TeeGate } from "./tee-gate.ts";
import { TeeImage, type TeeImageProps } from "./tee-image.ts";

export interface FleetsProps
  extends Pick<ServiceTeesProps, "baseline" | "storage" | "access" | "watch" | "isProtected">,
    TeeImageProps {
  /** Where the tasks stand: a network of ours, or one that is there already. */
  readonly network: Place | GivenNetworkProps;
  readonly services: Readonly<Record<string, ServiceSettings>>;
}

/** All tees of one baseline, in one cluster, from one image. */
export class Fleets extends Construct {
  /** Of the services that have a way past their tees. */
  readonly gates: readonly TeeGate[];
  readonly place: Place;
  readonly markKey: MarkKey;
  /** Of the tees of each service. */
  readonly securityGroups: readonly ISecurityGroup[];

  constructor(scope: Construct, id: string, props: FleetsProps) {
    super(scope, id);
    const { network, services, nodeImage, ...common } = props;
    this.place = "vpcId" in network ? new GivenNetwork(this, "Network", network) : network;
    const { place } = this;
    const cluster = new Cluster(this, "Cluster", {
      vpc: place.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
    }) as ICluster;
    const image = new TeeImage(this, "TeeImage", nodeImage === undefined ? {} : { nodeImage });
    this.markKey = new MarkKey(this, "MarkKey", { key: common.storage.key });
    const { markKey } = this;
    const tees = Object.entries(services).map(
      ([service, settings]) =>
        new ServiceTees(this, service, { ...common, service, settings, place, cluster, image, markKey }),
    );
    this.gates = tees.flatMap(({ gate }) => gate ?? []);
    this.securityGroups = tees.map(({ fleet }) => fleet.securityGroup);
  }
}
