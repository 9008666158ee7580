import type { ISecurityGroup } from "aws-cdk-lib/aws-ec2";

/** Which requests of a listener are split between tee and baseline. */
export interface Match {
  readonly priority: number;
  /** Host names, `*` and `?` allowed; every host where there is none. */
  readonly hosts: readonly string[];
  /** Paths, `*` and `?` allowed; every path where there is none. */
  readonly paths: readonly string[];
}

/** Where callers arrive, as the kill switch needs to know it. */
export interface Entry {
  readonly listenerArn: string;
  /** Every rule that the listener can have, as a policy names them. */
  readonly ruleArns: string;
  /** Of the load balancer. */
  readonly securityGroup: ISecurityGroup;
  readonly baselineTargetGroupArn: string;
  readonly match: Match;
}
