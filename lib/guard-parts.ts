import { Platform } from "aws-cdk-lib/aws-ecr-assets";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { RemovalPolicy } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { Storage } from "./storage.ts";
import { TeeImage, type TeeImageProps } from "./tee-image.ts";

export interface GuardPartsProps extends Pick<TeeImageProps, "nodeImage"> {
  readonly storage: Pick<Storage, "key">;
}

/** Of what guards beside the services of overlays are made: overlays run on the processor of their baseline, so an image for each. */
export class GuardParts extends Construct {
  readonly images: { readonly arm64: string; readonly x86: string };
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, { storage, nodeImage }: GuardPartsProps) {
    super(scope, id);
    const node = nodeImage === undefined ? {} : { nodeImage };
    this.images = {
      arm64: new TeeImage(this, "Arm64", { ...node, platform: Platform.LINUX_ARM64 }).uri,
      x86: new TeeImage(this, "X86", { ...node, platform: Platform.LINUX_AMD64 }).uri,
    };
    this.log = new LogGroup(this, "Log", {
      encryptionKey: storage.key.key,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
