import { Peer, Port, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  DesyncMitigationMode,
  ListenerAction,
  ListenerCertificate,
  SslPolicy,
} from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { Stack, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { Entry } from "./entry.ts";
import { refuse } from "./faults.ts";
import { LoadBalancerLog } from "./load-balancer-log.ts";
import type { Place } from "./network.ts";
import type { TeeFleet } from "./tee-fleet.ts";

export interface StandaloneEntryProps {
  readonly place: Place;
  readonly fleet: TeeFleet;
  /**
   * Certificate for HTTPS. Without it the listener speaks plain HTTP, which only an internal load balancer may.
   * @default - plain HTTP, where `facing` is internal
   */
  readonly certificateArn?: string;
  /**
   * Who can reach it: what is in the VPC or joined to it, or everybody.
   * @default "internal"
   */
  readonly facing?: "internal" | "internet";
  /** Addresses that may come in, such as `10.0.0.0/8`; `0.0.0.0/0` is everybody. */
  readonly allowFrom: readonly string[];
  /**
   * Targets of the baseline, of no other load balancer: where requests go that do not go to the tees. Without them all go to the
   * tees, and there is no kill switch.
   * @default - none
   */
  readonly baselineTargetGroupArn?: string;
  /**
   * The load balancer cannot be deleted before this is lifted.
   * @default true
   */
  readonly isProtected?: boolean;
}

/** A load balancer of our own before the tees. */
export class StandaloneEntry extends Construct {
  readonly listener: ApplicationListener;
  readonly loadBalancer: ApplicationLoadBalancer;
  /** What the kill switch turns; nothing where there is no other way to the baseline. */
  readonly entry: Entry | undefined;

  constructor(scope: Construct, id: string, props: StandaloneEntryProps) {
    super(scope, id);
    const { place, fleet, certificateArn, facing = "internal", allowFrom, baselineTargetGroupArn } = props;
    const isPublic = facing === "internet";
    refuse(id, [
      isPublic && certificateArn === undefined
        ? "certificateArn is missing; must be the ARN of a certificate where facing is internet"
        : undefined,
      isPublic && !place.isPublic
        ? "facing must be internal in a network without public subnets (publicSubnetIds, or natGateways above 0); got internet"
        : undefined,
      allowFrom.length > 0 ? undefined : "allowFrom must name at least one range of addresses; got none",
      ...(isPublic ? [] : allowFrom.filter((range) => range.endsWith("/0")).map(openFault)),
    ]);
    const port = certificateArn === undefined ? 80 : 443;
    const securityGroup = new SecurityGroup(this, "Guard", {
      vpc: place.vpc,
      description: `Shadowgraph: callers of ${fleet.node.id}`,
      // The targets of a given baseline are wherever they are; tees are let in and out below.
      allowAllOutbound: baselineTargetGroupArn !== undefined,
    });
    for (const range of allowFrom) securityGroup.addIngressRule(Peer.ipv4(range), Port.tcp(port), "callers");
    this.loadBalancer = new ApplicationLoadBalancer(this, "LoadBalancer", {
      vpc: place.vpc,
      internetFacing: isPublic,
      ...(isPublic ? {} : { vpcSubnets: place.subnets }),
      securityGroup,
      deletionProtection: props.isProtected ?? true,
      desyncMitigationMode: DesyncMitigationMode.DEFENSIVE,
    });
    new LoadBalancerLog(this, "Log").writeFrom(this.loadBalancer);
    const baseline =
      baselineTargetGroupArn === undefined
        ? undefined
        : ApplicationTargetGroup.fromTargetGroupAttributes(this, "Baseline", {
            targetGroupArn: baselineTargetGroupArn,
          });
    if (baseline !== undefined) {
      Validations.of(baseline).acknowledge({
        id: "@aws-cdk/aws-elbv2:albTargetGroupCannotRegisterListener",
        reason:
          "That the baseline's targets let this load balancer in is for whoever owns them; docs/deploy.md says so.",
      });
    }
    this.listener = new ApplicationListener(this, "Listener", {
      loadBalancer: this.loadBalancer,
      port,
      open: false,
      protocol: certificateArn === undefined ? ApplicationProtocol.HTTP : ApplicationProtocol.HTTPS,
      ...(certificateArn === undefined
        ? {}
        : { certificates: [ListenerCertificate.fromArn(certificateArn)], sslPolicy: SslPolicy.TLS13_RES }),
      // With targets of the baseline, these are where a request goes that no rule takes: the tees' is added at the deploy.
      defaultAction: ListenerAction.forward([baseline ?? fleet.targetGroup]),
    });
    if (isPublic && allowFrom.some((range) => range.endsWith("/0"))) {
      Validations.of(securityGroup).acknowledge({
        id: "AwsSolutions-EC23",
        reason: "This is the one listener that the configuration opens to the internet.",
      });
    }
    this.entry =
      baselineTargetGroupArn === undefined
        ? undefined
        : {
            listenerArn: this.listener.listenerArn,
            ruleArns: Stack.of(this).formatArn({
              service: "elasticloadbalancing",
              resource: "listener-rule",
              resourceName: `${this.loadBalancer.loadBalancerFullName}/*`,
            }),
            securityGroup,
            baselineTargetGroupArn,
            match: { priority: 1, hosts: [], paths: [] },
          };
    fleet.admit(securityGroup);
  }
}

const openFault = (range: string): string =>
  `allowFrom must not be everybody where facing is internal; got "${range}": name ranges such as 10.0.0.0/8`;
