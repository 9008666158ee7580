import { Effect, PolicyStatement, type PolicyStatementProps } from "aws-cdk-lib/aws-iam";
import { Stack } from "aws-cdk-lib/core";
import type { IConstruct } from "constructs";

/** A cluster, and what of it overlays are made of. */
export interface BaselineCluster {
  /** Name of the ECS cluster. */
  readonly cluster: string;
  /** Execution roles of the baseline's task definitions: ECS starts tasks of overlays by them. At least one. */
  readonly executionRoleArns: readonly string[];
  /**
   * Task roles of the baseline's task definitions: what is released runs under them, and overlays where they have the baseline's.
   * @default - none
   */
  readonly taskRoleArns?: readonly string[];
  /**
   * Services that take an overlay's image by `overlay release`, each with the family of its task definitions.
   * @default - nothing is released from here
   */
  readonly released?: readonly { readonly service: string; readonly family: string }[];
}

const OVERLAY = "shadowgraph:overlay";
const isTagged = (of: "ResourceTag" | "RequestTag", tag = OVERLAY) => ({ Null: { [`aws:${of}/${tag}`]: "false" } });

/** What may be done, and why where the resource is not named whole. */
export interface Right {
  readonly statement: PolicyStatement;
  readonly because?: string;
}

const NO_RESOURCES = "ECS and Cloud Map know no resources for it.";
const NAMES = "Overlays are named when they are made; the cluster and a tag bound what is done.";
const FAMILIES = "Families are named by overlays when they are made, each revision by its number; a tag is asked for.";
const TAGS = "Only what the same call makes is tagged; the first revision of a family has no name before.";
const SERVICES = "Services of the baseline are named in the catalog, at run time; here they are read alone.";
const TASKS = "Tasks have no name before they run; here they are read alone.";
const REGISTRIES = "Registries of overlays are named by Cloud Map when they are made; a tag is asked for.";
const REVISIONS = "Revisions of one family are numbered by ECS; the tag of the release is asked for.";
const ROLLOUTS = "Deployments and revisions of one service are named by ECS when they are made.";

type Allow = (because: string | undefined, actions: string[], resources: string[], conditions?: Conditions) => Right;
type Conditions = PolicyStatementProps["conditions"];

const allow: Allow = (because, actions, resources, conditions = {}) => ({
  statement: new PolicyStatement({ effect: Effect.ALLOW, actions, resources, conditions }),
  ...(because === undefined ? {} : { because }),
});

/** What docs/overlays.md lists under "Rights": every action, on what it may be done, and under which tags. */
export const deployRights = (
  scope: IConstruct,
  clusters: readonly BaselineCluster[],
  { namespaceArn, taskRole }: { readonly namespaceArn: string; readonly taskRole: string },
): readonly Right[] => {
  const stack = Stack.of(scope);
  const ecs = (resource: string) => stack.formatArn({ service: "ecs", resource });
  const each = (resource: (cluster: string) => string): string[] =>
    clusters.map(({ cluster }) => ecs(resource(cluster)));
  const inClusters = { ArnEquals: { "ecs:cluster": each((cluster) => `cluster/${cluster}`) } };
  const registries = [stack.formatArn({ service: "servicediscovery", resource: "service/*" })];
  const ours = each((cluster) => `service/${cluster}/shadowgraph-*`);
  const families = [ecs("task-definition/shadowgraph-*:*")];
  const services = each((cluster) => `service/${cluster}/*`);
  const tasks = each((cluster) => `task/${cluster}/*`);
  const unbound = ["ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions", "ecs:DeregisterTaskDefinition"];
  const readOrDeleted = ["servicediscovery:DeleteService", "servicediscovery:ListTagsForResource"];
  return [
    allow(SERVICES, ["ecs:DescribeServices"], services, inClusters),
    allow(NO_RESOURCES, unbound, ["*"]),
    allow(FAMILIES, ["ecs:RegisterTaskDefinition"], families, isTagged("RequestTag")),
    allow(FAMILIES, ["ecs:DeleteTaskDefinitions"], families, isTagged("ResourceTag")),
    allow(TAGS, ["ecs:TagResource"], [...ours, ecs("task-definition/*:*")], {
      StringEquals: { "ecs:CreateAction": ["CreateService", "RegisterTaskDefinition"] },
    }),
    allow(NAMES, ["ecs:CreateService"], ours, { ...inClusters, ...isTagged("RequestTag") }),
    allow(NAMES, ["ecs:UpdateService", "ecs:DeleteService"], ours, { ...inClusters, ...isTagged("ResourceTag") }),
    allow(NO_RESOURCES, ["ecs:ListTasks"], ["*"], inClusters),
    allow(TASKS, ["ecs:DescribeTasks"], tasks, inClusters),
    allow(undefined, ["iam:PassRole"], passedRoles(clusters, taskRole), {
      StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    }),
    allow(undefined, ["servicediscovery:CreateService"], [namespaceArn], isTagged("RequestTag")),
    allow(REGISTRIES, ["servicediscovery:TagResource"], registries, isTagged("RequestTag")),
    allow(REGISTRIES, readOrDeleted, registries, isTagged("ResourceTag")),
    allow(NO_RESOURCES, ["servicediscovery:ListServices"], ["*"]),
    ...releaseRights(clusters, ecs),
  ];
};

/** The baseline's task roles only where something is to run under them: overlays that ask for it, or what is released. */
const passedRoles = (clusters: readonly BaselineCluster[], taskRole: string): string[] => {
  const isBaseline = taskRole === "baseline";
  const roles = clusters.flatMap(({ executionRoleArns, taskRoleArns = [], released = [] }) => [
    ...executionRoleArns,
    ...(isBaseline || released.length > 0 ? taskRoleArns : []),
  ]);
  return [...new Set(isBaseline ? roles : [...roles, taskRole])];
};

const releaseRights = (clusters: readonly BaselineCluster[], ecs: (resource: string) => string): readonly Right[] => {
  const released = clusters.flatMap(({ cluster, released: these = [] }) => these.map((one) => ({ cluster, ...one })));
  if (released.length === 0) return [];
  const of = (kind: string) => released.map(({ cluster, service }) => ecs(`${kind}/${cluster}/${service}`));
  const below = (kind: string) => of(kind).map((arn) => `${arn}/*`);
  const families = [...new Set(released.map(({ family }) => ecs(`task-definition/${family}:*`)))];
  const watched = ["ecs:DescribeServiceDeployments", "ecs:StopServiceDeployment"];
  return [
    allow(REVISIONS, ["ecs:RegisterTaskDefinition"], families, isTagged("RequestTag", "shadowgraph:release")),
    allow(undefined, ["ecs:UpdateService", "ecs:ListServiceDeployments"], of("service")),
    allow(ROLLOUTS, watched, below("service-deployment")),
    allow(ROLLOUTS, ["ecs:DescribeServiceRevisions"], below("service-revision")),
  ];
};
