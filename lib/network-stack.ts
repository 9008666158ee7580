import { Fn, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { EncryptionKey } from "./encryption-key.ts";
import { Network, type NetworkProps } from "./network.ts";

export interface NetworkStackProps extends StackProps {
  readonly network: Omit<NetworkProps, "key">;
}

/** The network that the fleets of all baselines of an account share: its endpoints cost the same for one baseline and for twenty. */
export class NetworkStack extends Stack {
  readonly network: Network;

  constructor(scope: Construct, id: string, { network, ...stackProps }: NetworkStackProps) {
    super(scope, id, { description: "Shadowgraph: the network of the tees", ...stackProps });
    // It holds flow logs alone, which go with the stack.
    const key = new EncryptionKey(this, "Key", {
      description: "Shadowgraph, flow logs",
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.network = new Network(this, "Network", { ...network, key });
  }

  /** Asked of the region at the deploy: a synth that looked them up would need credentials. */
  override get availabilityZones(): string[] {
    return [0, 1, 2].map((index) => Fn.select(index, Fn.getAzs()));
  }
}
