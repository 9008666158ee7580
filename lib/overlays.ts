import { type ISecurityGroup, Peer, Port, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { PrivateDnsNamespace } from "aws-cdk-lib/aws-servicediscovery";
import { Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { Pipeline } from "./alarms/pipeline-alarms.ts";
import { Deploy, type DeployProps } from "./deploy.ts";
import { DeployQueue } from "./deploy-queue.ts";
import { refuse, wholeFault } from "./faults.ts";
import type { Fleets } from "./fleets.ts";
import { GuardParts } from "./guard-parts.ts";
import type { Place } from "./network.ts";
import type { Storage } from "./storage.ts";
import type { TeeImageProps } from "./tee-image.ts";

export interface OverlaySettings extends Pick<DeployProps, "clusters"> {
  /** TCP ports at which services of the baseline answer: tees, and overlays of the same baseline, are let in there. At least one. */
  readonly ports: readonly number[];
  /**
   * Domain under which overlays are found in the VPC; no two baselines of a VPC have the same.
   * @default "<baseline>.overlays.internal"
   */
  readonly namespace?: string;
  /**
   * Where tasks of overlays run, in the tees' VPC: with a way to the image registry, the logs and the secrets.
   * @default - the subnets of the tees
   */
  readonly subnetIds?: readonly string[];
  /**
   * What overlays reach beside HTTPS and each other, such as the baseline's unchanged services: a security group or a range of
   * addresses, and a TCP port.
   * @default - nothing
   */
  readonly egress?: readonly { readonly to: string; readonly port: number }[];
  /**
   * Security groups that overlay.yaml may list, such as the way to a copy of a data store.
   * @default - none
   */
  readonly allowSecurityGroups?: readonly string[];
  /**
   * What tasks of overlays run under, candidates and control overlays alike: the ARN of a role that trusts ECS tasks, or "baseline",
   * the role of the baseline's own tasks, with all that it may write.
   * @default - a role of their own, which may do nothing
   */
  readonly taskRole?: string;
}

export interface OverlaysProps extends OverlaySettings, Pick<TeeImageProps, "nodeImage"> {
  readonly baseline: string;
  readonly storage: Storage;
  /** Whose tees ask the overlays. */
  readonly fleets: Pick<Fleets, "place" | "securityGroups">;
}

/** Where overlays of one baseline are deployed, and the program that does it. */
export class Overlays extends Construct {
  /** Of every task of an overlay. */
  readonly securityGroup: ISecurityGroup;
  readonly deployQueue: DeployQueue;
  /** Groups that overlay.yaml may list. */
  readonly allowSecurityGroups: readonly string[];
  /** What alarms watch. */
  readonly watched: Pipeline;

  constructor(scope: Construct, id: string, props: OverlaysProps) {
    super(scope, id);
    const { baseline, storage, fleets, clusters, ports, egress = [], nodeImage } = props;
    const { place } = fleets;
    const { namespace: name = `${baseline}.overlays.internal` } = props;
    const { subnetIds = place.vpc.selectSubnets(place.subnets).subnetIds } = props;
    refuse(id, [
      ports.length > 0 ? undefined : "ports must hold at least one port",
      ...[...ports, ...egress.map(({ port }) => port)].map((port) => wholeFault("port", port, 1, 65_535)),
    ]);
    const namespace = new PrivateDnsNamespace(this, "Namespace", {
      name,
      vpc: place.vpc,
      description: `Shadowgraph: overlays of ${baseline}`,
    });
    this.allowSecurityGroups = props.allowSecurityGroups ?? [];
    this.securityGroup = this.#guard(props, place);
    this.deployQueue = new DeployQueue(this, "Queue", { key: storage.key, consumerTimeout: Deploy.timeout });
    const { program } = new Deploy(this, "Deploy", {
      storage,
      deployQueue: this.deployQueue,
      namespace: { id: namespace.namespaceId, name: namespace.namespaceName, arn: namespace.namespaceArn },
      subnetIds,
      securityGroupId: this.securityGroup.securityGroupId,
      taskRole: props.taskRole ?? this.#powerlessRole(baseline).roleArn,
      guard: new GuardParts(this, "GuardParts", { storage, ...(nodeImage && { nodeImage }) }),
      clusters,
    });
    this.watched = {
      queues: { deploys: this.deployQueue.queue },
      deadLetters: { deploys: this.deployQueue.deadLetters, ...(program.failures && { deploy: program.failures }) },
      functions: { deploy: program.function },
    };
  }

  #powerlessRole(baseline: string): Role {
    const { account, partition, region } = Stack.of(this);
    // No cluster can be named here: aws:SourceArn of ECS tasks has none.
    const ofThisAccount = {
      StringEquals: { "aws:SourceAccount": account },
      ArnLike: { "aws:SourceArn": `arn:${partition}:ecs:${region}:${account}:*` },
    };
    // Rights may also come from the policy of a bucket or a queue that lets in everybody of the VPC: a denial outdoes them.
    const nothing = new PolicyStatement({ effect: Effect.DENY, actions: ["*"], resources: ["*"] });
    return new Role(this, "TaskRole", {
      assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com", { conditions: ofThisAccount }),
      description: `Shadowgraph: overlays of ${baseline}, which may do nothing`,
      inlinePolicies: { Nothing: new PolicyDocument({ statements: [nothing] }) },
    });
  }

  #guard({ baseline, fleets, ports, egress = [] }: OverlaysProps, { vpc }: Place): SecurityGroup {
    const guard = new SecurityGroup(this, "Guard", {
      vpc,
      description: `Shadowgraph: overlays of ${baseline}`,
      allowAllOutbound: false,
    });
    // Images, logs and secrets: their addresses are AWS's own, and behind an endpoint or not as the VPC has it.
    guard.addEgressRule(Peer.anyIpv4(), Port.HTTPS, "images, logs, secrets");
    for (const port of ports) {
      for (const tees of fleets.securityGroups) guard.addIngressRule(tees, Port.tcp(port), "mirrored requests");
      guard.addIngressRule(guard, Port.tcp(port), "overlays of each other");
      guard.addEgressRule(guard, Port.tcp(port), "overlays of each other");
    }
    for (const { to, port } of egress) {
      const peer = to.startsWith("sg-") ? Peer.securityGroupId(to) : Peer.ipv4(to);
      guard.addEgressRule(peer, Port.tcp(port), "services that overlays call");
    }
    return guard;
  }
}
