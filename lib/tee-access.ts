import { ManagedPolicy } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { acknowledgeFolders } from "./acknowledgements.ts";
import type { Storage } from "./storage.ts";

export interface TeeAccessProps {
  readonly storage: Storage;
}

/** What a tee may do, as a policy to attach to the role it runs under: send segments, read its plan, tell its heartbeat. */
export class TeeAccess extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, { storage }: TeeAccessProps) {
    super(scope, id);
    this.policy = new ManagedPolicy(this, "Policy", { description: "Shadowgraph: what a tee may do" });
    storage.pairQueue.grantSend(this.policy);
    storage.bucket.grant(this.policy, "claims", "write");
    storage.bucket.grant(this.policy, "spill", "read");
    storage.table.grantRead(this.policy);
    storage.table.grantWriteUnder(this.policy, "TEES#");
    acknowledgeFolders(this.policy, storage, "claims", "spill");
  }
}
