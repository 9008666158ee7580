import {
  ACCOUNT,
  type Action,
  type Cloud,
  CloudFault,
  nextNumber,
  page,
  REGION,
  type StoredTaskDefinition,
  textOf,
} from "./state.ts";

/** CPU units of Fargate, each with the memory in MiB that it goes with: from, to, in steps of. */
const FARGATE: Readonly<Record<string, readonly [from: number, to: number, step: number]>> = {
  256: [512, 2_048, 512],
  512: [1_024, 4_096, 1_024],
  1024: [2_048, 8_192, 1_024],
  2048: [4_096, 16_384, 1_024],
  4096: [8_192, 30_720, 1_024],
  8192: [16_384, 61_440, 4_096],
  16384: [32_768, 122_880, 8_192],
};

const MAX_DELETED = 10;

const RegisterTaskDefinition: Action = (input, { state, now }) => {
  const family = textOf(input, "family");
  if (!/^[\w-]{1,255}$/.test(family)) throw refused("Family contains invalid characters.");
  const containers = (input.containerDefinitions ?? []) as readonly { readonly image?: string }[];
  if (containers.length === 0) throw refused("Task definition must have at least one container definition.");
  if (containers.some(({ image }) => !image)) throw refused("Container.image should not be null or empty.");
  if (((input.requiresCompatibilities ?? []) as readonly string[]).includes("FARGATE")) checkFargate(input);
  const revision = nextNumber(state, `family ${family}`);
  const arn = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${family}:${revision}`;
  const stored: StoredTaskDefinition = { arn, family, revision, status: "ACTIVE", input, registeredAt: now() };
  state.taskDefinitions[arn] = stored;
  return { taskDefinition: shown(stored), tags: input.tags ?? [] };
};

const checkFargate = ({ cpu, memory, networkMode }: Readonly<Record<string, unknown>>): void => {
  if (networkMode !== "awsvpc") throw refused("Fargate only supports network mode ‘awsvpc’.");
  if (cpu === undefined || memory === undefined)
    throw refused("Fargate requires that 'cpu' and 'memory' be defined at the task level.");
  const [from, to, step] = FARGATE[String(cpu)] ?? [0, -1, 1];
  const size = Number(memory);
  if (size < from || size > to || (size - from) % step !== 0)
    throw refused("No Fargate configuration exists for given values.");
};

const refused = (message: string) => new CloudFault("ClientException", message);

const shown = ({ arn, family, revision, status, input, registeredAt }: StoredTaskDefinition) => {
  const { tags: _tags, ...rest } = input;
  return {
    ...rest,
    taskDefinitionArn: arn,
    family,
    revision,
    status,
    compatibilities: ["EC2", "FARGATE"],
    requiresAttributes: [{ name: "ecs.capability.task-eni" }],
    registeredAt: registeredAt / 1_000,
    registeredBy: `arn:aws:iam::${ACCOUNT}:user/local`,
  };
};

/** By ARN, `family:revision`, or `family`: then the newest active one. */
export const taskDefinitionOf = ({ state }: Cloud, wanted: string): StoredTaskDefinition | undefined => {
  const all = Object.values(state.taskDefinitions);
  return (
    all.find(({ arn }) => arn === wanted || arn.endsWith(`/${wanted}`)) ??
    all.findLast(({ family, status }) => family === wanted && status === "ACTIVE")
  );
};

const DescribeTaskDefinition: Action = (input, cloud) => {
  const found = taskDefinitionOf(cloud, textOf(input, "taskDefinition"));
  if (found === undefined) throw refused("Unable to describe task definition.");
  return { taskDefinition: shown(found), tags: found.input.tags ?? [] };
};

const ListTaskDefinitions: Action = ({ familyPrefix, status = "ACTIVE", sort, nextToken }, cloud) => {
  const found = Object.values(cloud.state.taskDefinitions)
    .filter((one) => (familyPrefix === undefined || one.family === familyPrefix) && one.status === status)
    .map(({ arn }) => arn);
  const { items, next } = page(sort === "DESC" ? found.reverse() : found, nextToken, cloud);
  return { taskDefinitionArns: items, nextToken: next };
};

const DeregisterTaskDefinition: Action = (input, cloud) => {
  const found = taskDefinitionOf(cloud, textOf(input, "taskDefinition"));
  if (found === undefined) throw refused("The specified task definition does not exist.");
  found.status = "INACTIVE";
  return { taskDefinition: shown(found) };
};

const DeleteTaskDefinitions: Action = (input, cloud) => {
  const wanted = (input.taskDefinitions ?? []) as readonly string[];
  if (wanted.length > MAX_DELETED)
    throw new CloudFault("InvalidParameterException", `taskDefinitions can have at most ${MAX_DELETED} items.`);
  const failures: object[] = [];
  const taskDefinitions: object[] = [];
  for (const name of wanted) {
    const found = taskDefinitionOf(cloud, name);
    if (found?.status === "INACTIVE") {
      found.status = "DELETE_IN_PROGRESS";
      taskDefinitions.push(shown(found));
    } else if (found?.status === "ACTIVE")
      failures.push({ arn: name, reason: "The specified task definition is still in ACTIVE status." });
    else failures.push({ arn: name, reason: "MISSING" });
  }
  return { taskDefinitions, failures };
};

export const taskDefinitionActions = {
  RegisterTaskDefinition,
  DescribeTaskDefinition,
  ListTaskDefinitions,
  DeregisterTaskDefinition,
  DeleteTaskDefinitions,
};
