import { asObject, followed, objectIn } from "./json-pointer.ts";
import { escapeStep, type OpenApiFile, operationsIn } from "./openapi.ts";
import { sampleOf } from "./schema-sample.ts";

/** An answer by a document's own example, or one that its schema allows. */
export interface ExampleAnswer {
  readonly on: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

/** One for each route, of its first success; the more of a path is given, the earlier it stands. */
export const answersIn = (file: OpenApiFile): readonly ExampleAnswer[] =>
  operationsIn(file)
    .flatMap(({ routes, pointer, operation }) => {
      const answer = answerOf(file, pointer, operation);
      return answer === undefined ? [] : routes.map((on) => ({ on, ...answer }));
    })
    .sort((a, b) => parametersIn(a.on) - parametersIn(b.on));

const parametersIn = (route: string): number => route.split("{").length;

type Said = Omit<ExampleAnswer, "on">;

const answerOf = (file: OpenApiFile, pointer: string, operation: unknown): Said | undefined => {
  const status = successOf(Object.keys(objectIn(operation, "responses")));
  if (status === undefined) return undefined;
  const [at, response] = followed(file, `${pointer}/responses/${status}`);
  return { status: /^\d{3}$/.test(status) ? Number(status) : 200, ...bodyOf(file, at, response, operation) };
};

/** The smallest 2xx, else a class or the default. */
const successOf = (statuses: readonly string[]): string | undefined =>
  statuses.filter((status) => /^2\d\d$/.test(status)).sort()[0] ??
  statuses.find((status) => /^2xx$/i.test(status)) ??
  statuses.find((status) => status === "default");

const JSON_TYPE = /^application\/(?:[^;]+\+)?json\s*(?:;|$)/i;

const bodyOf = (file: OpenApiFile, at: string, response: object, operation: unknown): Omit<Said, "status"> => {
  if (Object.hasOwn(response, "schema") || Object.hasOwn(response, "examples"))
    return swaggerBody(file, response, operation);
  const content = objectIn(response, "content");
  const types = Object.keys(content);
  const type = types.find((name) => JSON_TYPE.test(name)) ?? types.find((name) => !name.includes("*")) ?? types[0];
  if (type === undefined) return { headers: {} };
  const medium = objectIn(content, type);
  const value = exampleIn(file, `${at}/content/${escapeStep(type)}`, medium);
  return asBody(type.includes("*") ? "application/json" : type, value);
};

/** The media type's example, its first named one, else what its schema allows. */
const exampleIn = (file: OpenApiFile, at: string, medium: object): unknown => {
  if ("example" in medium) return medium.example;
  const [first] = Object.keys(objectIn(medium, "examples"));
  if (first !== undefined) {
    const [, example] = followed(file, `${at}/examples/${escapeStep(first)}`);
    if ("value" in example) return example.value;
  }
  return "schema" in medium ? sampleOf(file, medium.schema) : undefined;
};

/** Swagger 2: examples by media type; which types there are is said of the operation or of all. */
const swaggerBody = (file: OpenApiFile, response: object, operation: unknown): Omit<Said, "status"> => {
  const [[type, example] = ["application/json", undefined]] = Object.entries(objectIn(response, "examples"));
  if (example !== undefined) return asBody(type, example);
  if (!("schema" in response)) return { headers: {} };
  const produces = [asObject(operation), file].flatMap((one) => ("produces" in one ? one.produces : [])) as unknown[];
  const said = produces.filter((one) => typeof one === "string");
  return asBody(
    said.find((one) => JSON_TYPE.test(one)) ?? said[0] ?? "application/json",
    sampleOf(file, response.schema),
  );
};

const asBody = (type: string, value: unknown): Omit<Said, "status"> => {
  if (value === undefined) return { headers: {} };
  const headers = { "content-type": type };
  if (JSON_TYPE.test(type)) return { headers, json: value };
  return { headers, text: typeof value === "string" ? value : JSON.stringify(value) };
};
