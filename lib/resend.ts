import type { ISecurityGroup } from "aws-cdk-lib/aws-ec2";
import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { ResendEnv } from "../lambdas/resend/env.ts";
import type { EncryptionKey } from "./encryption-key.ts";
import type { Place } from "./network.ts";
import { NodeFunction } from "./node-function.ts";

export interface ResendProps {
  readonly key: EncryptionKey;
  /** Where the tees stand, and their security groups: what lets a tee in lets it in. */
  readonly place: Place;
  readonly securityGroups: readonly ISecurityGroup[];
}

/** A network interface takes five. */
const MAX_GROUPS = 5;

/** Sends stored requests to the lanes again, from where the tees stand; has no right but to write its log. */
export class Resend extends Construct {
  readonly program: NodeFunction;

  constructor(scope: Construct, id: string, { key, place, securityGroups }: ResendProps) {
    super(scope, id);
    this.program = new NodeFunction(this, "Program", {
      program: "resend",
      key,
      description: "Shadowgraph: sends stored requests to candidate and control again",
      environment: {} satisfies Record<keyof ResendEnv, string>,
      // The API, which waits for it, gives up after 25 s.
      timeout: Duration.seconds(25),
      within: { place, securityGroups: securityGroups.slice(0, MAX_GROUPS) },
    });
  }
}
