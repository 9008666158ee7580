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
  /**
   * What it runs on.
   * @default Platform.LINUX_ARM64
   */
  readonly platform?: Platform;
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** The image of the tee, and of the guard by another command: staged by the synth, built and pushed by the deploy. */
export class TeeImage extends Construct {
  readonly image: ContainerImage;
  readonly uri: string;

  constructor(scope: Construct, id: string, { nodeImage, platform = Platform.LINUX_ARM64 }: TeeImageProps = {}) {
    super(scope, id);
    const asset = new DockerImageAsset(this, "Asset", {
      directory: root,
      file: "images/tee/Dockerfile",
      platform,
      ignoreMode: IgnoreMode.DOCKER,
      ...(nodeImage === undefined ? {} : { buildArgs: { NODE_IMAGE: nodeImage } }),
    });
    this.image = ContainerImage.fromDockerImageAsset(asset);
    this.uri = asset.imageUri;
  }
}
