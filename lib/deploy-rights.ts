import { Effect, PolicyStatement, type PolicyStatementProps } from "aws-cdk-lib/aws-iam";
import { Stack } from "aws-cdk-lib/core";
import type { IConstruct } from "constructs";

/** A cluster, and what of it overlays are made of. */
export interface BaselineCluster {
  /** Name of the ECS cluster. */
  readonly cluster: string;
  /**
   * Task and execution roles of the baseline's task definitions: tasks of overlays run under them.
   */
  readonly roleArns: readonly string[];
  /**
   * Services that take an overlay's image by `overlay release`, each with the family of its task definitions.
   * @default - nothing is released from here
   */
  readonly released?: readonly { readonly service: string; readonly family: string }[];
}

const OVERLAY = "shadowgraph:overlay";
const isTagged = (of: "ResourceTag" | "RequestTag", tag = OVERLAY) => ({ Null: { [`aws:${of}/${tag}`]: "false" } });

/** What docs/overlays.md lists under "Rights": every action, on what it may be done, and under which tags. */
export const deployStatements = (
  scope: IConstruct,
  clusters: readonly BaselineCluster[],
  namespaceArn: string,
): readonly PolicyStatement[] => {
  const stack = Stack.of(scope);
  const ecs = (resource: string) => stack.formatArn({ service: "ecs", resource });
  const each = (resource: (cluster: string) => string): string[] =>
    clusters.map(({ cluster }) => ecs(resource(cluster)));
  const inClusters = { ArnEquals: { "ecs:cluster": each((cluster) => `cluster/${cluster}`) } };
  const registries = stack.formatArn({ service: "servicediscovery", resource: "service/*" });
  const ours = each((cluster) => `service/${cluster}/shadowgraph-*`);
  const families = ecs("task-definition/shadowgraph-*:*");
  const allow = (actions: string[], resources: string[], conditions: PolicyStatementProps["conditions"] = {}) =>
    new PolicyStatement({ effect: Effect.ALLOW, actions, resources, conditions });
  return [
    allow(
      ["ecs:DescribeServices"],
      each((cluster) => `service/${cluster}/*`),
      inClusters,
    ),
    allow(["ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions", "ecs:DeregisterTaskDefinition"], ["*"]),
    allow(["ecs:RegisterTaskDefinition"], [families], isTagged("RequestTag")),
    allow(["ecs:DeleteTaskDefinitions"], [families], isTagged("ResourceTag")),
    allow(["ecs:TagResource"], [...ours, ecs("task-definition/*:*")], {
      StringEquals: { "ecs:CreateAction": ["CreateService", "RegisterTaskDefinition"] },
    }),
    allow(["ecs:CreateService"], ours, { ...inClusters, ...isTagged("RequestTag") }),
    allow(["ecs:UpdateService", "ecs:DeleteService"], ours, { ...inClusters, ...isTagged("ResourceTag") }),
    allow(["ecs:ListTasks"], ["*"], inClusters),
    allow(
      ["ecs:DescribeTasks"],
      each((cluster) => `task/${cluster}/*`),
      inClusters,
    ),
    allow(["iam:PassRole"], [...new Set(clusters.flatMap(({ roleArns }) => roleArns))], {
      StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    }),
    allow(["servicediscovery:CreateService"], [namespaceArn], isTagged("RequestTag")),
    allow(["servicediscovery:TagResource"], [registries], isTagged("RequestTag")),
    allow(
      ["servicediscovery:DeleteService", "servicediscovery:ListTagsForResource"],
      [registries],
      isTagged("ResourceTag"),
    ),
    allow(["servicediscovery:ListServices"], ["*"]),
    ...releaseStatements(clusters, ecs, allow),
  ];
};

const releaseStatements = (
  clusters: readonly BaselineCluster[],
  ecs: (resource: string) => string,
  allow: (actions: string[], resources: string[], conditions?: PolicyStatementProps["conditions"]) => PolicyStatement,
): readonly PolicyStatement[] => {
  const released = clusters.flatMap(({ cluster, released: these = [] }) => these.map((one) => ({ cluster, ...one })));
  if (released.length === 0) return [];
  const of = (kind: string) => released.map(({ cluster, service }) => ecs(`${kind}/${cluster}/${service}`));
  const below = (kind: string) => of(kind).map((arn) => `${arn}/*`);
  return [
    allow(
      ["ecs:RegisterTaskDefinition"],
      released.map(({ family }) => ecs(`task-definition/${family}:*`)),
      isTagged("RequestTag", "shadowgraph:release"),
    ),
    allow(["ecs:UpdateService", "ecs:ListServiceDeployments"], of("service")),
    allow(["ecs:DescribeServiceDeployments", "ecs:StopServiceDeployment"], below("service-deployment")),
    allow(["ecs:DescribeServiceRevisions"], below("service-revision")),
  ];
};
