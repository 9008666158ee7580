import { fileURLToPath } from "node:url";
import { DockerImageAsset, Platform } from "aws-cdk-lib/aws-ecr-assets";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";
import { IgnoreMode } from "aws-cdk-lib/core";
import { Construct } from "constructs";

export interface TeeImageProps {
  /**
   * What the image is built on; name it by its digest so that the same sources always give the same image.
   * @default "node:24-slim"
   */
  readonly nodeImage?: string;
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** The image of the tee, for ARM64: staged by the synth, built and pushed by the deploy. */
export class TeeImage extends Construct {
  readonly image: ContainerImage;

  constructor(scope: Construct, id: string, { nodeImage }: TeeImageProps = {}) {
    super(scope, id);
    const asset = new DockerImageAsset(this, "Asset", {
      directory: root,
      file: "images/tee/Dockerfile",
      platform: Platform.LINUX_ARM64,
      ignoreMode: IgnoreMode.DOCKER,
      ...(nodeImage === undefined ? {} : { buildArgs: { NODE_IMAGE: nodeImage } }),
    });
    this.image = ContainerImage.fromDockerImageAsset(asset);
  }
}
