import type { CfnBucket } from "aws-cdk-lib/aws-s3";
import { Stack, Validations } from "aws-cdk-lib/core";
import type { IConstruct } from "constructs";
import type { Folder } from "./archive-bucket.ts";
import type { Storage } from "./storage.ts";

/** cdk-nag names a wildcard by its resource; a folder of the bucket is one that we mean. */
export const acknowledgeFolders = (under: IConstruct, { bucket }: Storage, ...folders: readonly Folder[]): void => {
  const logicalId = Stack.of(under).resolve((bucket.bucket.node.defaultChild as CfnBucket).logicalId) as string;
  for (const folder of folders) {
    Validations.of(under).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${folder}/*]`,
      reason: `Objects under ${folder}/ are named by what they hold; the folder is the unit of access.`,
    });
  }
};
