import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// What each program asks of AWS, read from its sources: the verbs of the ports that it uses, and the calls that each of them makes.

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** A row that can never be too large for the table: none of its document goes to the bucket. */
type Verb =
  | "table.get"
  | "table.query"
  | "table.put"
  | "table.putSmall"
  | "table.delete"
  | "bucket.get"
  | "bucket.put"
  | "bucket.list"
  | `${string}Command`;

export const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  // A document that moved to the bucket is read there, and once more from the row if it was replaced meanwhile.
  "table.get": ["dynamodb:GetItem", "s3:GetObject"],
  "table.query": ["dynamodb:Query", "dynamodb:GetItem", "s3:GetObject"],
  "table.put": ["dynamodb:PutItem", "s3:PutObject", "s3:DeleteObject"],
  "table.putSmall": ["dynamodb:PutItem"],
  "table.delete": ["dynamodb:DeleteItem", "s3:DeleteObject"],
  "bucket.get": ["s3:GetObject"],
  "bucket.put": ["s3:PutObject"],
  "bucket.list": ["s3:ListBucket"],
  SendMessageCommand: ["sqs:SendMessage"],
  PutEventsCommand: ["events:PutEvents"],
  DescribeRulesCommand: ["elasticloadbalancing:DescribeRules"],
  DescribeAlarmsCommand: ["cloudwatch:DescribeAlarms"],
  CreateRuleCommand: ["elasticloadbalancing:CreateRule"],
  ModifyRuleCommand: ["elasticloadbalancing:ModifyRule"],
  SetRulePrioritiesCommand: ["elasticloadbalancing:SetRulePriorities"],
  DeleteRuleCommand: ["elasticloadbalancing:DeleteRule"],
  // What is made is tagged with the same call; tasks get the roles that their definition names.
  CreateServiceCommand: ["ecs:CreateService", "ecs:TagResource", "iam:PassRole"],
  RegisterTaskDefinitionCommand: ["ecs:RegisterTaskDefinition", "ecs:TagResource", "iam:PassRole"],
  ...sameNamed("ecs", [
    "DeleteService",
    "DeleteTaskDefinitions",
    "DeregisterTaskDefinition",
    "DescribeServiceDeployments",
    "DescribeServiceRevisions",
    "DescribeServices",
    "DescribeTaskDefinition",
    "DescribeTasks",
    "ListServiceDeployments",
    "ListTaskDefinitions",
    "ListTasks",
    "StopServiceDeployment",
    "UpdateService",
  ]),
  "cloudMap.CreateServiceCommand": ["servicediscovery:CreateService", "servicediscovery:TagResource"],
  "cloudMap.DeleteServiceCommand": ["servicediscovery:DeleteService"],
  "cloudMap.ListServicesCommand": ["servicediscovery:ListServices"],
  "cloudMap.ListTagsForResourceCommand": ["servicediscovery:ListTagsForResource"],
};

function sameNamed(service: string, calls: readonly string[]) {
  return Object.fromEntries(calls.map((call) => [`${call}Command`, [`${service}:${call}`]]));
}

/** Every method of every port: where it is, and which verbs it uses there. */
export const METHODS: Readonly<Record<string, { readonly file: string; readonly verbs: readonly Verb[] }>> = {
  ...of("catalog", {
    createBaseline: ["table.query", "table.put"],
    baselines: ["table.query"],
    baseline: ["table.query"],
    createOverlay: ["table.query", "table.put"],
    overlays: ["table.query"],
    overlay: ["table.query"],
    putOverlay: ["table.put"],
    deleteOverlay: ["table.query", "table.delete"],
    recordRun: ["table.put"],
    runs: ["table.query"],
  }),
  ...of("tees", { beat: ["table.putSmall"], heartbeats: ["table.query"] }),
  ...of("drifts", { of: ["table.get"], put: ["table.putSmall"] }),
  ...of("probes", { of: ["table.query"], claim: ["table.putSmall"], end: ["table.putSmall"] }),
  ...of("segments", { send: ["bucket.put", "SendMessageCommand"] }, "segment-queue"),
  ...of("inbox", { open: ["bucket.get"] }, "segment-queue"),
  ...of("archive", {
    put: ["bucket.put"],
    read: ["bucket.list", "bucket.get"],
    objects: ["bucket.list"],
    segments: ["bucket.get"],
  }),
  ...of("facts", {
    put: ["table.put"],
    ofMinute: ["table.query"],
    putRollup: ["table.put"],
    rollup: ["table.get"],
    rollups: ["table.query"],
    spans: ["table.query"],
    hours: ["table.query"],
  }),
  ...of("recompares", { of: ["table.get"], put: ["table.put"], ask: ["SendMessageCommand"] }),
  ...of("endpointMap", { learned: ["table.get"], learn: ["table.get", "table.put"] }, "endpoint-map"),
  ...of("schemas", { put: ["table.put"], of: ["table.get"] }, "response-schemas"),
  ...of("deployments", { of: ["table.get"], all: ["table.query"], put: ["table.put"], delete: ["table.delete"] }),
  ...of("deployQueue", { ask: ["SendMessageCommand"] }, "deployments"),
  ...of("releases", {
    latest: ["table.query"],
    all: ["table.query"],
    open: ["table.query"],
    put: ["table.put", "table.delete"],
    close: ["table.delete"],
  }),
  ...of("replays", { of: ["table.get"], put: ["table.put"] }, "latest"),
  ...of("rechecks", { of: ["table.get"], put: ["table.put"] }, "latest"),
  ...of("wake", { judge: ["table.putSmall", "SendMessageCommand"] }),
  ...of("rules", { rules: ["table.get"], putRules: ["table.put"] }),
  ...of("verdicts", {
    latest: ["table.query"],
    append: ["table.query", "table.put"],
    history: ["table.query"],
    untold: ["table.query"],
    told: ["table.put"],
  }),
  ...of("events", { verdictChanged: ["PutEventsCommand"] }),
  ...of("audit", { append: ["table.putSmall"], remove: ["table.delete"], entries: ["table.query"] }),
  ...of(
    "rules",
    {
      find: ["DescribeRulesCommand"],
      create: ["CreateRuleCommand"],
      match: ["ModifyRuleCommand", "SetRulePrioritiesCommand"],
      weigh: ["ModifyRuleCommand"],
      remove: ["DeleteRuleCommand"],
    },
    "weighted-rule",
  ),
  ...of("alarms", { unready: ["DescribeAlarmsCommand"] }, "kill-switch-alarms"),
  ...of("ecs", {
    service: ["DescribeServicesCommand"],
    taskDefinition: ["DescribeTaskDefinitionCommand"],
    taskDefinitions: ["ListTaskDefinitionsCommand"],
    register: ["RegisterTaskDefinitionCommand"],
    createService: ["CreateServiceCommand"],
    updateService: ["UpdateServiceCommand"],
    scaleToZero: ["UpdateServiceCommand"],
    deleteService: ["DeleteServiceCommand"],
    stoppedReasons: ["ListTasksCommand", "DescribeTasksCommand"],
    dropTaskDefinitions: [
      "ListTaskDefinitionsCommand",
      "DeregisterTaskDefinitionCommand",
      "DeleteTaskDefinitionsCommand",
    ],
  }),
  ...of(
    "rollouts",
    {
      find: ["ListServiceDeploymentsCommand", "DescribeServiceDeploymentsCommand", "DescribeServiceRevisionsCommand"],
      describe: ["DescribeServiceDeploymentsCommand"],
      rollBack: ["StopServiceDeploymentCommand"],
    },
    "ecs-rollouts",
  ),
  ...of(
    "cloudMap",
    {
      create: ["cloudMap.CreateServiceCommand", "cloudMap.ListServicesCommand"],
      delete: ["cloudMap.ListServicesCommand", "cloudMap.DeleteServiceCommand"],
      all: ["cloudMap.ListServicesCommand"],
      tags: ["cloudMap.ListTagsForResourceCommand"],
    },
    "cloud-map",
  ),
};

function of(port: string, methods: Readonly<Record<string, readonly Verb[]>>, file = port) {
  return Object.fromEntries(
    Object.entries(methods).map(([method, verbs]) => [`${port}.${method}`, { file: `adapters/${file}.ts`, verbs }]),
  );
}

/** The verbs that a file uses, as its text has them. */
export const verbsIn = (file: string): readonly string[] => {
  const text = read(file);
  const verbs = [...text.matchAll(/\b(table|bucket)\.(get|query|all|put|delete|list)\(/g)].map(
    ([, port, verb]) => `${port}.${verb === "all" ? "query" : verb}`,
  );
  // Both ECS and Cloud Map have services to create and to delete.
  const prefix = text.includes('"@aws-sdk/client-servicediscovery"') ? "cloudMap." : "";
  const commands = [...text.matchAll(/new (\w+Command)\(/g)].map(([, command]) => `${prefix}${command}`);
  return [...new Set([...verbs, ...commands])].sort();
};

/** The files that a program is made of; the ports themselves are in all of them and tell nothing. */
const closure = (entry: string, seen = new Set<string>()): ReadonlySet<string> => {
  if (seen.has(entry) || entry === "adapters/ports-of.ts") return seen;
  seen.add(entry);
  for (const [, specifier] of read(entry).matchAll(/^(?:import|export)\s(?!type)[^;]*?from "(\.[^"]+)";/gm))
    closure(join(dirname(entry), specifier!), seen);
  return seen;
};

/** The methods of ports that the program with this entry can come to. */
export const methodsOf = (entry: string): readonly string[] => {
  const found = [...closure(entry)].flatMap((file) =>
    [...read(file).matchAll(/\b(\w+)\s*\.\s*(\w+)\(/g)].map(([, port, method]) => `${port}.${method}`),
  );
  return [...new Set(found)].filter((method) => Object.hasOwn(METHODS, method)).sort();
};

export const callsOf = (entry: string): readonly string[] =>
  [...new Set(methodsOf(entry).flatMap((method) => METHODS[method]!.verbs.flatMap((verb) => ACTIONS[verb]!)))].sort();
