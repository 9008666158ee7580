import { readFileSync } from "node:fs";
import { killSwitchAlarms } from "../../adapters/alarm-names.ts";
import { ACTIONS, callsOf, METHODS, methodsOf, verbsIn } from "./calls.ts";
import { OVERLAYS, templateOfService } from "./templates.ts";

const template = templateOfService({}, { overlays: OVERLAYS });

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const grantedTo = (policy: RegExp): readonly string[] => {
  const policies = {
    ...template.findResources("AWS::IAM::Policy"),
    ...template.findResources("AWS::IAM::ManagedPolicy"),
  };
  const statements = Object.entries(policies)
    .filter(([id]) => policy.test(id))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as readonly Statement[]);
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
};

/** What is done in a role's name by the platform that runs the program. */
const LOGS = ["logs:CreateLogStream", "logs:PutLogEvents"];
const TRACES = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"];
const POLLING = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
/** Of what fails for good. */
const DEAD_LETTERS = ["sqs:SendMessage"];
/** Of a function in a network, in its name; they are not there before they are made. */
const INTERFACES = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];
/** What sends stored requests again. */
const CALLED = ["lambda:InvokeFunction"];
/** Without it S3 answers for an object that is not there as if it were forbidden. */
const ABSENCE = ["s3:ListBucket"];
/** The services ask for the key in the name of whoever calls them. */
const KEY_OF_TABLE = ["kms:DescribeKey", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"];
const KEY = ["kms:Decrypt", "kms:GenerateDataKey", ...KEY_OF_TABLE];

test.each([
  ["diff-pairs", /^DiffPairs/, "lambdas/diff-pairs/handler.ts", [...LOGS, ...TRACES, ...POLLING]],
  ["judge", /^JudgeProgram/, "lambdas/judge/handler.ts", [...LOGS, ...TRACES, ...POLLING, ...DEAD_LETTERS]],
  ["api", /^Api/, "lambdas/api/handler.ts", [...LOGS, ...TRACES, ...CALLED]],
  ["deploy", /^OverlaysDeploy/, "lambdas/deploy/handler.ts", [...LOGS, ...TRACES, ...POLLING, ...DEAD_LETTERS]],
  ["bypass", /GateProgram/, "lambdas/bypass/handler.ts", [...LOGS, ...TRACES, ...DEAD_LETTERS]],
  ["tee", /^TeeAccess/, "proxy/shipper-thread.ts", []],
])("%s: the calls that it makes and the actions that it is granted are the same", (_name, policy, entry, platform) => {
  const calls = callsOf(entry);
  const makes = new Set([...calls, ...platform, ...ABSENCE, ...KEY]);
  expect(grantedTo(policy)).toEqual([...makes].sort());
});

test("what sends requests again may stand in the network and write its log; it has no way to anything that is stored", () => {
  expect(grantedTo(/^Resend/)).toEqual([...INTERFACES, ...LOGS, ...TRACES].sort());
});

test.each([...new Set(Object.values(METHODS).map(({ file }) => file))])(
  "the table of calls says of %s what is in it",
  (file) => {
    const declared = Object.values(METHODS).filter((method) => method.file === file);
    const verbs = new Set(declared.flatMap((method) => method.verbs.map((verb) => verb.replace("Small", ""))));
    expect([...verbs].sort()).toEqual(verbsIn(file));
  },
);

test("the table of calls knows every call that adapters make", () => {
  const known = new Set(Object.keys(ACTIONS).filter((verb) => verb.endsWith("Command")));
  for (const { file } of Object.values(METHODS)) {
    for (const verb of verbsIn(file)) if (verb.endsWith("Command")) expect(known).toContain(verb);
  }
});

test("the table of calls leaves no port out", () => {
  const ports = /interface Ports \{([^}]+)\}/.exec(
    readFileSync(new URL("../../adapters/ports.ts", import.meta.url), "utf8"),
  )![1]!;
  const named = [...ports.matchAll(/readonly (\w+):/g)].map(([, port]) => port!);
  expect(named.length).toBeGreaterThan(10);
  for (const port of named) expect(Object.keys(METHODS).some((method) => method.startsWith(`${port}.`))).toBe(true);
});

test("the reading of sources is not idle", () => {
  expect(methodsOf("lambdas/bypass/handler.ts")).toEqual([
    "alarms.unready",
    "audit.append",
    "catalog.baseline",
    "rules.create",
    "rules.find",
    "rules.match",
    "rules.remove",
    "rules.weigh",
  ]);
  expect(callsOf("lambdas/api/handler.ts")).not.toContain("elasticloadbalancing:CreateRule");
});

test("states of alarms are read of those of the kill switch alone, by name", () => {
  const policies = Object.values(template.findResources("AWS::IAM::Policy"));
  const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as readonly Statement[]);
  const reading = statements.filter(({ Action }) => [Action].flat().includes("cloudwatch:DescribeAlarms"));
  expect(reading).toHaveLength(2);
  for (const { Action, Resource } of reading) {
    expect(Action).toBe("cloudwatch:DescribeAlarms");
    const names = (Resource as { "Fn::Join": [string, unknown[]] }[]).map(({ "Fn::Join": [, parts] }) => parts.at(-1));
    expect(names).toEqual(killSwitchAlarms("shop", "web").map((name) => `:alarm:${name}`));
  }
});

test("no action is a wildcard, and a resource only where the service knows none", () => {
  const WITHOUT_RESOURCES = new Set([
    ...TRACES,
    ...INTERFACES,
    "elasticloadbalancing:DescribeRules",
    "ecr:GetAuthorizationToken",
    "ecs:DescribeTaskDefinition",
    "ecs:ListTaskDefinitions",
    "ecs:DeregisterTaskDefinition",
    // A container instance is its resource; tasks of Fargate have none. Bound by the cluster.
    "ecs:ListTasks",
    "servicediscovery:ListServices",
  ]);
  for (const type of ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"]) {
    for (const { Properties } of Object.values(template.findResources(type))) {
      for (const { Action, Resource } of Properties.PolicyDocument.Statement as readonly Statement[]) {
        expect(JSON.stringify(Action)).not.toContain("*");
        if (Resource === "*") expect([Action].flat().filter((action) => !WITHOUT_RESOURCES.has(action))).toEqual([]);
      }
    }
  }
});

test("roles name the services that take them, and no policy of AWS's", () => {
  for (const { Properties } of Object.values(template.findResources("AWS::IAM::Role"))) {
    expect(JSON.stringify(Properties.ManagedPolicyArns ?? [])).not.toContain("arn:aws:iam::aws");
  }
});
