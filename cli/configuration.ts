import * as z from "zod";
import { RulesFile } from "../core/diff/rules.ts";
import { CollaboratorsFile } from "../core/sampling/collaborators.ts";
import { BaselineSource } from "./baseline-file.ts";
import { OverlaySource } from "./collaborators-file.ts";
import { COLLABORATOR, OVERLAY_CALLS } from "./configuration-collaborators.ts";
import { DEPLOY_REFERENCE } from "./configuration-deploy.ts";
import { PROBE } from "./configuration-probe.ts";
import { BASELINE_REDACTION, OVERLAY_REDACTION, REDACT_REFERENCE } from "./configuration-redact.ts";
import type { JsonSchema } from "./schema-faults.ts";

interface FileReference {
  readonly file: string;
  readonly about: string;
  readonly schema: z.ZodType;
  readonly meanings: Readonly<Record<string, string>>;
}

const TARGET = {
  url: "Where it answers: `http://` or `https://`, without credentials, query or fragment; a path is put before every request's",
  host: "`Host` of the mirrored request: the target's own (`rewrite`), the caller's (`keep`), or the caller's with `-shadow` before the port (`shadow`)",
  setHeaders: "Headers set on the mirrored request, such as credentials of this lane. Values are never shown again",
  removeHeaders: "Headers taken off the mirrored request",
} as const;

const ECS = {
  "": "Where it runs in ECS; overlays that are deployed are made from it: [overlays.md](overlays.md)",
  ".cluster": "Name or ARN of the cluster",
  ".service": "Name of the ECS service",
  ".container": "The container that overlays change; needed where more than one has the port",
  ".port": "Where that container answers",
  ".release": "How `overlay release` brings an image to it",
  ".release.strategy":
    "`canary`: first a part of the traffic, then the rest; `linear`: step by step (both need a load balancer with an alternate target group, or Service Connect); `rolling`: task by task",
  ".release.percent": "Percent of the traffic that goes first, or with each step; `linear` from 3",
  ".release.bakeMinutes": "Minutes before the rest, or the next step, follows",
  ".release.alarms":
    "CloudWatch alarms that roll a release back; without any, nothing but tasks that do not start does",
} as const;

const DEPLOYED = {
  image: "Image to deploy in place of a `url`: made from the baseline's task definition; needs `ecs` there",
  command: "In place of the container's command",
  environment:
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what the user writes
    "Variables beside the container's, in place of those of the same name; `${cart}` in a value is the address of the service cart: the changed one, else the baseline's (`$${cart}` is the text itself). Values are never shown again",
  cpu: "CPU units, of the task where it has a size of its own (Fargate), else of the container",
  memoryMiB: "Memory in MiB, likewise",
  desiredCount: "Tasks of each lane; 1 where left out",
  allowSecurityGroups:
    "Security groups beside that of the overlays: the only way to data stores of the baseline. At most 4",
} as const;

const FILES: readonly FileReference[] = [
  {
    file: "baseline.yaml",
    about: "The known-good environment. `shadowgraph baseline create --file baseline.yaml`",
    schema: BaselineSource,
    meanings: {
      name: "Unique among baselines",
      version: "Version or image digest of what runs",
      services: "The services, by name",
      "services.<name>.url": TARGET.url.replace("; a path is put before every request's", ""),
      "services.<name>.routes":
        "What it answers, such as `GET /users/{name}/posts`; all else is `{unrouted}`. Where left out, endpoints are learned: [endpoints.md](endpoints.md)",
      "services.<name>.openapi":
        "An OpenAPI 3 or Swagger 2 file, YAML or JSON, found from the folder of this one: its paths are routes as well, and answers are checked against its schemas: [endpoints.md](endpoints.md)",
      ...Object.fromEntries(Object.entries(ECS).map(([field, text]) => [`services.<name>.ecs${field}`, text])),
      ...BASELINE_REDACTION,
    },
  },
  {
    file: "overlay.yaml",
    about:
      "The services under change; all else is the baseline's. `shadowgraph overlay create --baseline shop --file overlay.yaml`",
    schema: OverlaySource,
    meanings: {
      name: "Unique among overlays; `--name` goes before it",
      version: "Version or image digest of what runs; another one begins a new run",
      services: "The changed services, by the name that the baseline gives them",
      ...Object.fromEntries(Object.entries(TARGET).map(([field, text]) => [`services.<name>.${field}`, text])),
      ...Object.fromEntries(Object.entries(DEPLOYED).map(([field, text]) => [`services.<name>.${field}`, text])),
      ...Object.fromEntries(Object.entries(PROBE).map(([field, text]) => [`services.<name>.probe${field}`, text])),
      "services.<name>.secondary":
        "What measures noise: the `baseline` once more, `none`, a control overlay that is deployed (`control`: the baseline's own image beside the candidate), or one that runs. `control` where `image` is given, else `baseline`",
      ttlHours: "Hours after which what is deployed is shut down; counted anew by `--replace`",
      sideEffects:
        "How the overlay keeps the side effects of mirrored writes away from the world: [side-effects.md](side-effects.md). With `none`, and until a `probe` has shown it, writes are not mirrored",
      secondaryPercent: "Percent of the sampled requests that go to the secondary as well",
      accepted: "Endpoints that are called safe without pairs of their own, such as `DELETE /orders/{id}`",
      orderBy:
        "Mirrors that have the same header, cookie or part of the path reach the lanes in the order of their requests; one of these three: [overlays.md](overlays.md#order)",
      "orderBy.header": "Name of the header",
      "orderBy.cookie": "Name of the cookie",
      "orderBy.path":
        "Path with parameters in braces, such as `/orders/{id}`; what lies below, such as `/orders/7/lines`, belongs to it",
      drift:
        "Reads that the tees themselves send to all lanes now and then, to tell whether the overlay has the baseline's data; at most 20: [data.md](data.md#drift)",
      "drift.service": "Whose reads they are; needed where several services are changed",
      "drift.reads":
        "Paths whose answers are alike while the data are alike, such as `/orders/1`: shown once one agreed and then differs",
      "drift.versions":
        "Paths whose answers tell of the data alone, whatever the code, such as `/data-version`: shown also where they differ from the start",
      "drift.everySeconds": "How often, by one tee of all",
      "drift.headers": "Sent with each, such as credentials. Values are never shown again",
      sampling: "Which requests are mirrored",
      "sampling.percent": "Percent of all requests; `env shadow --sample` changes it",
      "sampling.key":
        "What decides whether a request is sampled: each request by itself, its trace, or the value of a header or cookie",
      "sampling.routes": "Percent for paths that begin so; the longest prefix wins",
      "sampling.routes[].path": "Prefix of the path",
      "sampling.routes[].percent": "Percent of the requests there",
      "sampling.match": "A request must match to be mirrored",
      "sampling.match.methods": "Methods that are mirrored; others than the safe ones need `sideEffects` and a `probe`",
      "sampling.match.includePaths": "Prefixes of paths; all paths where empty",
      "sampling.match.excludePaths": "Prefixes of paths that are never mirrored",
      "sampling.match.header": "A header that the request must have",
      "sampling.match.header.name": "Its name",
      "sampling.match.header.value": "Its value",
      ...OVERLAY_CALLS,
      ...OVERLAY_REDACTION,
    },
  },
  REDACT_REFERENCE,
  {
    file: "rules.yaml",
    about:
      "Places that may differ. `shadowgraph rules set ENV --file rules.yaml`, or `shadowgraph up --rules rules.yaml`",
    schema: RulesFile,
    meanings: {
      rules: "Replaces all rules of the environment; stored findings are judged anew at once",
      "rules[].endpoint": "As findings show it, such as `GET /orders/{id}`; every endpoint where left out",
      "rules[].ignore": "A place as findings show it; `*` is one step of the path, `**` at the end all below",
      "rules[].tolerance":
        "A place whose numbers, also as text, may differ by one of the bounds below; the first rule that fits a place and allows the difference counts",
      "rules[].absolute": "`tolerance`: by so much",
      "rules[].relative": "`tolerance`: by this share of the larger of both; 0.01 is 1 %",
      "rules[].ulp": "`tolerance`: by so many steps between neighbouring double-precision numbers",
      "rules[].orderFree": "A place with a list whose items may stand in any order",
      "rules[].keyedBy": "A place with a list whose items belong together by `key`, wherever they stand",
      "rules[].key":
        "`keyedBy`: path in an item, such as `sku` or `meta/id`; a list of paths where several name it together",
      "rules[].format": "A place whose values may differ as long as both are of one form",
      "rules[].is": "`format`: which form; `url-host`: URLs that are equal but for scheme, host and port",
      "rules[].withinMs": "`format` of times: no further apart than so many milliseconds",
      "rules[].similar": "A place with prose that may be worded otherwise, such as a language model's answer",
      "rules[].atLeast": "`similar`: share of words and of pairs of neighbouring words that are the same",
      "rules[].set": "A header, as `header/<name>`, whose comma-separated values may stand in any order",
      "rules[].because": "Why; shown beside the hits",
    },
  },
  {
    file: "collaborators.yaml",
    about:
      "What the services of an overlay call, and what they get: [guard.md](guard.md). `shadowgraph guard --collaborators collaborators.yaml`",
    schema: CollaboratorsFile,
    meanings: Object.fromEntries([
      ["collaborators", "By name"],
      ...Object.entries(COLLABORATOR).map(([field, text]) => [`collaborators.<name>.${field}`, text]),
    ]),
  },
  DEPLOY_REFERENCE,
];

/** docs/configuration.md: every field of every file, from the schemas that check the files. */
export const configurationReference = (): string =>
  [
    "# Configuration files",
    "",
    "Generated from the schemas by `node cli/write-configuration.ts`; do not edit. Files are YAML (1.2). Unknown keys, wrong",
    "types and duplicate keys are refused, all together, each with its line. Examples that are tested: [examples/](../examples).",
    "",
    ...FILES.flatMap(section),
  ].join("\n");

const section = ({ file, about, schema, meanings }: FileReference): string[] => [
  `## ${file}`,
  "",
  about,
  "",
  "| field | holds | default | meaning |",
  "|---|---|---|---|",
  ...fieldsOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema).map(
    ({ field, node, isRequired }) =>
      `| \`${field}\` | ${holds(node)} | ${isRequired ? "required" : defaultOf(node)} | ${meaningOf(field, file, meanings)} |`,
  ),
  "",
];

/** @throws Error for a field that nobody has explained */
const meaningOf = (field: string, file: string, meanings: FileReference["meanings"]): string => {
  const meaning = meanings[field];
  if (meaning === undefined) throw new Error(`${file}: say what ${field} means`);
  return meaning;
};

interface Field {
  readonly field: string;
  readonly node: JsonSchema;
  readonly isRequired: boolean;
}

const fieldsOf = (node: JsonSchema, prefix = ""): Field[] =>
  Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const field = `${prefix}${name}`;
    return [{ field, node: child, isRequired: node.required?.includes(name) === true }, ...below(child, field)];
  });

const below = (node: JsonSchema, field: string): Field[] => {
  if (node.items !== undefined) return fieldsOf(node.items, `${field}[].`);
  if (typeof node.additionalProperties === "object") return fieldsOf(node.additionalProperties, `${field}.<name>.`);
  return fieldsOf(node, `${field}.`);
};

const holds = (node: JsonSchema): string => {
  if (node.anyOf) return node.anyOf.map(holds).join(" or ");
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum) return node.enum.map((value) => `\`${value}\``).join(", ");
  if (node.items) return `list${node.maxItems === undefined ? "" : ` of at most ${node.maxItems}`}`;
  if (node.properties)
    return `map with ${Object.keys(node.properties)
      .map((name) => `\`${name}\``)
      .join(", ")}`;
  if (node.additionalProperties) return "map by name";
  if (node.type === "boolean") return "`true`, `false`";
  if (node.type === "number" || node.type === "integer") return numbers(node);
  if (node.type === "string" && node.maxLength !== undefined) return `text of at most ${node.maxLength} characters`;
  return node.type === undefined ? "any value" : "text";
};

const numbers = ({ type, minimum, exclusiveMinimum, maximum, multipleOf }: JsonSchema): string =>
  [
    type === "integer" ? "whole number" : "number",
    exclusiveMinimum === undefined ? "" : `above ${exclusiveMinimum}`,
    minimum === undefined ? "" : `from ${minimum}`,
    maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? "" : `to ${maximum}`,
    multipleOf === undefined ? "" : `in steps of ${multipleOf}`,
  ]
    .filter((part) => part !== "")
    .join(" ");

const defaultOf = (node: JsonSchema): string =>
  node.default === undefined ? "–" : `\`${JSON.stringify(node.default)}\``;
