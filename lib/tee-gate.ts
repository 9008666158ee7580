import { Grant } from "aws-cdk-lib/aws-iam";
import { ArnFormat, CustomResource, Duration, Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { killSwitchAlarms } from "../adapters/alarm-names.ts";
import type { TeeRoute } from "../adapters/tee-route.ts";
import type { BypassEnv } from "../lambdas/bypass/env.ts";
import { acknowledgeFolders, acknowledgeRules } from "./acknowledgements.ts";
import type { Watch } from "./alarms/alarm.ts";
import type { Entry } from "./entry.ts";
import { refuse, wholeFault } from "./faults.ts";
import { KillSwitch, type KillSwitchProps } from "./kill-switch.ts";
import { NodeFunction } from "./node-function.ts";
import { adaptersEnvironment, type Storage } from "./storage.ts";
import type { TeeFleet } from "./tee-fleet.ts";

export interface TeeGateProps {
  readonly storage: Storage;
  readonly watch: Watch;
  readonly fleet: TeeFleet;
  readonly entry: Entry;
  readonly baseline: string;
  readonly service: string;
  /**
   * Percent of the requests that match that go to the tees, 1 to 100. A deploy does not change it once the way is open: `bypass off` does.
   * @default 10
   */
  readonly percent?: number;
  readonly killSwitch?: Pick<KillSwitchProps, "periods" | "errorPercent" | "refusalPercent">;
}

/**
 * The rule that sends a part of the requests to the tees, and what closes it. The rule's weights belong to no template: a function makes the
 * rule with nothing sent to the tees, opens it once they stand, closes it when an alarm says so, and leaves it as it is in every
 * deploy between.
 */
export class TeeGate extends Construct {
  readonly route: TeeRoute;
  readonly entry: Entry;
  readonly program: NodeFunction;
  readonly killSwitch: KillSwitch;

  constructor(scope: Construct, id: string, props: TeeGateProps) {
    super(scope, id);
    const { storage, watch, fleet, entry, baseline, service, percent = 10 } = props;
    refuse(id, [wholeFault("percent", percent, 1, 100)]);
    this.entry = entry;
    this.route = {
      baseline,
      service,
      listenerArn: entry.listenerArn,
      teeTargetGroupArn: fleet.targetGroup.targetGroupArn,
      baselineTargetGroupArn: entry.baselineTargetGroupArn,
      percent,
    };
    this.program = new NodeFunction(this, "Program", {
      program: "bypass",
      key: storage.key,
      description: `Shadowgraph: takes the tees before ${service} out of the path, and puts them back`,
      environment: {
        ...adaptersEnvironment(storage),
        TEE_ROUTE: Stack.of(this).toJsonString(this.route),
      } satisfies Record<keyof BypassEnv, string>,
      // The first opening waits until the alarms hear the tees.
      timeout: Duration.minutes(7),
      isCalledAsync: true,
    });
    const target = this.program.function;
    storage.table.grantReadWrite(target);
    storage.bucket.grant(target, "spill", "read");
    acknowledgeFolders(this.program, storage, "spill");
    grantRule(
      this.program,
      entry,
      ...["ModifyRule", "DeleteRule", "SetRulePriorities"].map((verb) => `elasticloadbalancing:${verb}`),
    );
    grantAlarms(this.program, this.route);
    Grant.addToPrincipal({
      grantee: target,
      actions: ["elasticloadbalancing:CreateRule"],
      resourceArns: [entry.listenerArn],
    });

    const resource = (name: string, type: string, minutes: number, properties: Record<string, string>) =>
      new CustomResource(this, name, {
        serviceToken: target.functionArn,
        resourceType: `Custom::${type}`,
        serviceTimeout: Duration.minutes(minutes),
        properties,
      });
    const rule = resource("Rule", "TeeRule", 3, {
      Match: JSON.stringify(entry.match),
      // That it is asked again when these change.
      Route: Stack.of(this).toJsonString(this.route),
    });
    rule.node.addDependency(target);
    fleet.startAfter(rule);
    this.killSwitch = new KillSwitch(this, "KillSwitch", {
      baseline,
      service,
      bypass: this.program,
      watch,
      ...props.killSwitch,
    });
    const opening = resource("Opening", "TeeOpening", 15, {});
    opening.node.addDependency(fleet.service, this.killSwitch);
  }
}

/** A rule has no name before it is made, so that the listener's rules are the unit of access. Reading rules knows no resources. */
export const grantRule = (program: NodeFunction, { ruleArns }: Entry, ...actions: readonly string[]): void => {
  const grantee = program.function;
  Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns: [ruleArns] });
  Grant.addToPrincipal({ grantee, actions: ["elasticloadbalancing:DescribeRules"], resourceArns: ["*"] });
  acknowledgeRules(program, ruleArns);
};

/** By name: an alarm's own ARN comes after it, and it comes after the function that it calls. */
export const grantAlarms = ({ function: grantee }: NodeFunction, { baseline, service }: TeeRoute): void => {
  const resourceArns = killSwitchAlarms(baseline, service).map((resourceName) =>
    Stack.of(grantee).formatArn({
      service: "cloudwatch",
      resource: "alarm",
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  Grant.addToPrincipal({ grantee, actions: ["cloudwatch:DescribeAlarms"], resourceArns });
};
