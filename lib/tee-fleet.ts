import type { CfnScalableTarget } from "aws-cdk-lib/aws-applicationautoscaling";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { type ISecurityGroup, Port, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import {
  AvailabilityZoneRebalancing,
  FargatePlatformVersion,
  FargateService,
  type ICluster,
} from "aws-cdk-lib/aws-ecs";
import {
  ApplicationProtocol,
  ApplicationTargetGroup,
  Protocol,
  TargetGroupLoadBalancingAlgorithmType,
  TargetType,
} from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { Duration } from "aws-cdk-lib/core";
import { Construct, type IDependable } from "constructs";
import { drainFault, drainOf } from "./drain.ts";
import { refuse, wholeFault } from "./faults.ts";
import type { Place } from "./network.ts";
import { ADMIN_PORT, TEE_PORT, TeeTask, type TeeTaskProps } from "./tee-task.ts";

export interface TeeFleetProps extends Omit<TeeTaskProps, "drain"> {
  readonly place: Place;
  readonly cluster: ICluster;
  /**
   * Tasks that always run, from 2: one for each of two zones.
   * @default 2
   */
  readonly minTasks?: number;
  /**
   * Tasks at most; up to 500.
   * @default 4
   */
  readonly maxTasks?: number;
  /**
   * Requests a second that one task is meant to serve; more tasks are started beyond.
   * @default 500
   */
  readonly requestsPerTask?: number;
  /**
   * CPU in percent that tasks are meant to use; more tasks are started beyond.
   * @default 50
   */
  readonly cpuPercent?: number;
  /**
   * How long requests may take to end when a task goes: deregistration delay, the tee's drain and, with 15 s for captures, the stop time-out; 15 to 105.
   * @default 30
   */
  readonly drainSeconds?: number;
}

/** One fleet of tees before one service of the baseline, with the target group by which a load balancer reaches it. */
export class TeeFleet extends Construct {
  readonly service: FargateService;
  readonly targetGroup: ApplicationTargetGroup;
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: TeeFleetProps) {
    super(scope, id);
    const { place, cluster, minTasks = 2, maxTasks = 4, requestsPerTask = 500, cpuPercent = 50 } = props;
    const { drainSeconds = 30 } = props;
    refuse(id, [
      wholeFault("minTasks", minTasks, 2, 500),
      wholeFault("maxTasks", maxTasks, minTasks, 500),
      wholeFault("requestsPerTask", requestsPerTask, 1, 100_000),
      wholeFault("cpuPercent", cpuPercent, 10, 90),
      drainFault(drainSeconds),
    ]);
    const drain = drainOf(drainSeconds);
    const task = new TeeTask(this, "Task", { ...props, drain });
    this.securityGroup = new SecurityGroup(this, "Guard", {
      vpc: place.vpc,
      description: `Shadowgraph: tees before ${props.service}`,
      // Baseline and overlays are wherever they are.
      allowAllOutbound: true,
    });
    this.service = new FargateService(this, "Service", {
      cluster,
      taskDefinition: task.definition,
      platformVersion: FargatePlatformVersion.VERSION1_4,
      vpcSubnets: place.subnets,
      securityGroups: [this.securityGroup],
      assignPublicIp: false,
      // No number of tasks: each deploy would take a fleet that has grown back to it.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      circuitBreaker: { enable: true, rollback: true },
      healthCheckGracePeriod: Duration.seconds(60),
    });
    this.targetGroup = new ApplicationTargetGroup(this, "Targets", {
      vpc: place.vpc,
      targetType: TargetType.IP,
      protocol: ApplicationProtocol.HTTP,
      port: TEE_PORT,
      // Neighbouring tasks do not start at the same time: whoever has least under way takes the next.
      loadBalancingAlgorithmType: TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS,
      deregistrationDelay: Duration.seconds(drain.seconds),
      healthCheck: {
        protocol: Protocol.HTTP,
        port: String(ADMIN_PORT),
        path: "/healthz",
        healthyHttpCodes: "200",
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 2,
      },
    });
    this.service.attachToApplicationTargetGroup(this.targetGroup);
    const scaling = this.service.autoScaleTaskCount({ minCapacity: minTasks, maxCapacity: maxTasks });
    // Named, it has to be there, which it is not before the first deploy of an account; not named, Application Auto Scaling makes it.
    (scaling.node.findChild("Target").node.defaultChild as CfnScalableTarget).addPropertyDeletionOverride("RoleARN");
    // Quick to grow; slow to shrink, since every task that goes ends connections.
    const pace = { scaleOutCooldown: Duration.seconds(30), scaleInCooldown: Duration.minutes(5) };
    scaling.scaleOnCpuUtilization("Cpu", { targetUtilizationPercent: cpuPercent, ...pace });
    scaling.scaleToTrackCustomMetric("Requests", {
      metric: new Metric({
        namespace: "AWS/ApplicationELB",
        metricName: "RequestCountPerTarget",
        dimensionsMap: { TargetGroup: this.targetGroup.targetGroupFullName },
        statistic: "Sum",
        period: Duration.minutes(1),
      }),
      targetValue: requestsPerTask * 60,
      ...pace,
    });
  }

  /** Lets a load balancer in: to the port of callers, and to the admin port for its health checks. */
  admit(loadBalancer: ISecurityGroup): void {
    this.securityGroup.connections.allowFrom(loadBalancer, Port.tcp(TEE_PORT), "requests of callers");
    this.securityGroup.connections.allowFrom(loadBalancer, Port.tcp(ADMIN_PORT), "health checks");
  }

  /** ECS refuses a service whose target group no load balancer has yet. */
  startAfter(entry: IDependable): void {
    this.service.node.addDependency(entry);
  }
}
