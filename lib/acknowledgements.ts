import type { CfnBucket } from "aws-cdk-lib/aws-s3";
import { Stack, Validations } from "aws-cdk-lib/core";
import type { IConstruct } from "constructs";
import type { Folder } from "./archive-bucket.ts";
import type { Right } from "./deploy-rights.ts";
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

/** A wildcard in the resources of rights on what has no name yet, each with its reason. */
export const acknowledgeRights = (under: IConstruct, rights: readonly Right[]): void => {
  const reasons = new Map<string, string>();
  for (const { statement, because } of rights) {
    if (because === undefined) continue;
    for (const resource of statement.resources) {
      const id = flat(Stack.of(under).resolve(resource));
      if (!id.includes("*")) continue;
      const others = reasons.get(id);
      reasons.set(id, others === undefined || others === because ? because : `${others} ${because}`);
    }
  }
  for (const [id, reason] of reasons)
    Validations.of(under).acknowledge({ id: `AwsSolutions-IAM5[Resource::${id}]`, reason });
};

/** A rule of a listener has no name before it is made, and reading rules takes no names at all. */
export const acknowledgeRules = (under: IConstruct, ruleArns: string): void => {
  Validations.of(under).acknowledge(
    { id: "AwsSolutions-IAM5[Resource::*]", reason: "elasticloadbalancing:DescribeRules knows no resources." },
    {
      id: `AwsSolutions-IAM5[Resource::${flat(Stack.of(under).resolve(ruleArns))}]`,
      reason: "The rules of one listener: the name of ours is given by the load balancer when it is made.",
    },
  );
};

interface Intrinsic {
  readonly Ref?: string;
  readonly "Fn::GetAtt"?: readonly string[];
  readonly "Fn::Join"?: readonly [separator: string, parts: readonly (string | Intrinsic)[]];
}

/** As cdk-nag writes a resource that holds what only the deploy knows. */
const flat = (value: string | Intrinsic): string => {
  if (typeof value === "string") return value;
  if (value.Ref !== undefined) return `<${value.Ref}>`;
  if (value["Fn::GetAtt"] !== undefined) return `<${value["Fn::GetAtt"].join(".")}>`;
  const [separator, parts] = value["Fn::Join"] ?? ["", []];
  return parts.map(flat).join(separator);
};
