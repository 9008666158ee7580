import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { RemovalPolicy, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { EncryptionKey } from "./encryption-key.ts";
import { refuse, wholeFault } from "./faults.ts";

/** Where a fleet stands: a VPC, and which of its subnets take tasks. */
export interface Place {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  /** Whether the VPC has public subnets, without which nothing in it can face the internet. */
  readonly isPublic: boolean;
}

export interface NetworkProps {
  /** Of the flow logs. */
  readonly key: EncryptionKey;
  /**
   * Addresses of the VPC.
   * @default "10.64.0.0/16"
   */
  readonly cidr?: string;
  /**
   * Availability zones, 2 or 3; a region with fewer than three refuses the deploy.
   * @default 2
   */
  readonly zones?: number;
  /**
   * Their names, as many as `zones`.
   * @default - the first ones of the region
   */
  readonly availabilityZones?: readonly string[];
  /**
   * NAT gateways, 0 to as many as zones. With 0 the tasks reach this VPC, what is peered with it, and the endpoints; nothing else.
   * @default 1
   */
  readonly natGateways?: number;
}

const INTERFACES = {
  Sqs: InterfaceVpcEndpointAwsService.SQS,
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Secrets: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
} as const;

/** A VPC of our own: tasks in subnets without a way in, AWS reached by endpoints, all flows logged. */
export class Network extends Construct implements Place {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly isPublic: boolean;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { key, cidr = "10.64.0.0/16", zones = 2, availabilityZones, natGateways = 1 } = props;
    refuse(id, [
      wholeFault("zones", zones, 2, 3),
      availabilityZones === undefined || availabilityZones.length === zones
        ? undefined
        : `availabilityZones must be as many as zones (${zones}); got ${availabilityZones.length}`,
      wholeFault("natGateways", natGateways, 0, zones),
    ]);
    this.isPublic = natGateways > 0;
    const tasks = this.isPublic ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED;
    this.subnets = { subnetType: tasks };
    const vpc = new Vpc(this, "Vpc", {
      ipAddresses: IpAddresses.cidr(cidr),
      ...(availabilityZones === undefined ? { maxAzs: zones } : { availabilityZones: [...availabilityZones] }),
      natGateways,
      // Its emptying would need a function with rights on every security group; nothing here is in the default one.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        ...(this.isPublic
          ? [{ name: "Public", subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false }]
          : []),
        { name: "Tasks", subnetType: tasks, cidrMask: 20 },
      ],
    });
    this.vpc = vpc as IVpc;
    this.#logFlows(key);
    this.vpc.addGatewayEndpoint("S3", { service: GatewayVpcEndpointAwsService.S3 });
    this.vpc.addGatewayEndpoint("DynamoDb", { service: GatewayVpcEndpointAwsService.DYNAMODB });
    const guard = new SecurityGroup(this, "EndpointGuard", {
      vpc: this.vpc,
      description: "Shadowgraph: endpoints of AWS, for this VPC",
      allowAllOutbound: false,
    });
    for (const block of this.vpc.selectSubnets(this.subnets).subnets) {
      guard.addIngressRule(Peer.ipv4(block.ipv4CidrBlock), Port.HTTPS, "tasks");
    }
    for (const [name, service] of Object.entries(INTERFACES)) {
      this.vpc.addInterfaceEndpoint(name, { service, subnets: this.subnets, securityGroups: [guard], open: false });
    }
  }

  #logFlows(key: EncryptionKey): void {
    const log = new LogGroup(this, "FlowLog", {
      encryptionKey: key.key,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, "FlowLogRole", { assumedBy: new ServicePrincipal("vpc-flow-logs.amazonaws.com") });
    this.vpc.addFlowLog("Flows", {
      destination: FlowLogDestination.toCloudWatchLogs(log, role),
      trafficType: FlowLogTrafficType.ALL,
    });
  }
}

export interface GivenNetworkProps {
  readonly vpcId: string;
  /** One for each private subnet, in the same order. */
  readonly availabilityZones: readonly string[];
  /** Where tasks stand: at least two, in different zones. They need a way to S3, DynamoDB, SQS, ECR and CloudWatch Logs. */
  readonly privateSubnetIds: readonly string[];
  /**
   * Where a load balancer that faces the internet stands.
   * @default - none
   */
  readonly publicSubnetIds?: readonly string[];
}

/** A VPC that is there already, by its ids: nothing is looked up, so that a synth needs no credentials. */
export class GivenNetwork extends Construct implements Place {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
  readonly isPublic: boolean;

  constructor(scope: Construct, id: string, props: GivenNetworkProps) {
    super(scope, id);
    const { vpcId, availabilityZones: zones, privateSubnetIds, publicSubnetIds = [] } = props;
    const forEach = (name: string, ids: readonly string[]) =>
      ids.length === zones.length
        ? undefined
        : `${name} must be as many as availabilityZones (${zones.length}), in the same order; got ${ids.length}`;
    refuse(id, [
      zones.length >= 2 ? undefined : `availabilityZones must be at least 2; got ${zones.length}`,
      forEach("privateSubnetIds", privateSubnetIds),
      publicSubnetIds.length === 0 ? undefined : forEach("publicSubnetIds", publicSubnetIds),
    ]);
    this.isPublic = publicSubnetIds.length > 0;
    this.vpc = Vpc.fromVpcAttributes(this, "Vpc", {
      vpcId,
      availabilityZones: [...zones],
      privateSubnetIds: [...privateSubnetIds],
      ...(this.isPublic ? { publicSubnetIds: [...publicSubnetIds] } : {}),
    });
    Validations.of(this.vpc).acknowledge({
      id: "@aws-cdk/aws-ec2:noSubnetRouteTableId",
      reason: "Nothing here asks for the route tables of a network that belongs to somebody else.",
    });
  }
}
