import { type ISecurityGroup, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { loopFault } from "./config/loop.ts";
import type { Entry, Match } from "./entry.ts";
import { refuse, wholeFault } from "./faults.ts";

export interface AttachedEntryProps {
  /** A listener of an Application Load Balancer that is there already. */
  readonly listenerArn: string;
  /** Of that load balancer. If it restricts what goes out, it must let out to the tees' ports 8080 and 9090. */
  readonly securityGroupId: string;
  /** Where the listener sends these requests today. */
  readonly baselineTargetGroupArn: string;
  /** Of the new rule, 1 to 50000: before the rule that serves these requests today, and free. */
  readonly priority: number;
  /** @default - every host */
  readonly hosts?: readonly string[];
  /** @default - every path */
  readonly paths?: readonly string[];
  /** Where the tees find the baseline. */
  readonly primaryUrl: string;
}

/** The way in by a rule on a listener that is there already: one rule is added, nothing else of it is touched. */
export class AttachedEntry extends Construct implements Entry {
  readonly listenerArn: string;
  readonly ruleArns: string;
  readonly baselineTargetGroupArn: string;
  readonly securityGroup: ISecurityGroup;
  readonly match: Match;

  constructor(scope: Construct, id: string, props: AttachedEntryProps) {
    super(scope, id);
    const { listenerArn, securityGroupId, baselineTargetGroupArn, priority, hosts = [], paths = [] } = props;
    refuse(id, [
      wholeFault("priority", priority, 1, 50_000),
      hosts.length + paths.length <= 5
        ? undefined
        : `hosts and paths must be at most 5 together, as a rule takes no more; got ${hosts.length + paths.length}`,
      loopFault(props),
    ]);
    this.listenerArn = listenerArn;
    this.ruleArns = `${listenerArn.replace(":listener/", ":listener-rule/")}/*`;
    this.baselineTargetGroupArn = baselineTargetGroupArn;
    this.securityGroup = SecurityGroup.fromSecurityGroupId(this, "LoadBalancer", securityGroupId, { mutable: false });
    this.match = { priority, hosts, paths };
  }
}
