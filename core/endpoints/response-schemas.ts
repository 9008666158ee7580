import * as z from "zod";
import { followed, objectIn, valueAt } from "./json-pointer.ts";
import { JsonSchema, refsIn } from "./json-schema.ts";
import { escapeStep, type OpenApiFile, operationsIn } from "./openapi.ts";

/** What a service says its JSON answers look like. */
export const ResponseSchemas = z.strictObject({
  /** Where the schema is, by route and by status: `200`, `2XX` or `default`. */
  responses: z.record(z.string().max(400), z.record(z.string().max(10), z.string())),
  /** By JSON pointer, as `$ref` has it. */
  schemas: z.record(z.string(), JsonSchema),
});
export type ResponseSchemas = z.infer<typeof ResponseSchemas>;

export const NO_SCHEMAS: ResponseSchemas = { responses: {}, schemas: {} };

export interface SchemasRead {
  readonly found: ResponseSchemas;
  /** Of the others, each with the reason: `GET /users 200: …`. */
  readonly unread: readonly string[];
}

/** The schemas of JSON answers that an OpenAPI file holds, and of them what is checked. */
export const schemasIn = (file: OpenApiFile): SchemasRead => {
  const known = new Map<string, JsonSchema | Unread>();
  const schemaAt = (ref: string): JsonSchema | Unread => {
    const schema = known.get(ref) ?? readSchema(file, ref);
    known.set(ref, schema);
    return schema;
  };
  const responses: Record<string, Record<string, string>> = {};
  const schemas: Record<string, JsonSchema> = {};
  const unread: string[] = [];
  for (const { routes, pointer, operation } of operationsIn(file)) {
    for (const [status, ref] of refsOfResponses(file, pointer, operation)) {
      const reached = reach(ref, schemaAt);
      if (reached instanceof Unread) {
        unread.push(`${routes[0]} ${status}: ${reached.why}`);
        continue;
      }
      for (const [name, schema] of reached) schemas[name] = schema;
      for (const route of routes) (responses[route] ??= {})[status.toUpperCase().replace("DEFAULT", "default")] = ref;
    }
  }
  return { found: { responses, schemas }, unread };
};

/** Why a schema is not used. */
class Unread {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** A schema with all that it refers to, also by way of others. */
const reach = (
  from: string,
  schemaAt: (ref: string) => JsonSchema | Unread,
): ReadonlyMap<string, JsonSchema> | Unread => {
  const reached = new Map<string, JsonSchema>();
  const open = [from];
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    if (reached.has(ref)) continue;
    const schema = schemaAt(ref);
    if (schema instanceof Unread) return schema;
    reached.set(ref, schema);
    open.push(...refsIn(schema));
  }
  return reached;
};

const readSchema = (file: OpenApiFile, ref: string): JsonSchema | Unread => {
  const value = valueAt(file, ref);
  if (value === undefined)
    return new Unread(
      ref.startsWith("#/") ? `there is nothing at ${ref}` : `${ref} is another file: bundle them into one`,
    );
  const parsed = JsonSchema.safeParse(value);
  return parsed.success ? parsed.data : new Unread(`${ref} is no JSON Schema`);
};

const JSON_TYPE = /^(?:application\/(?:[^;]+\+)?json|\*\/\*|application\/\*)\s*(?:;|$)/i;

/** Statuses of an operation and where the schema of their JSON answer is; other answers are not checked. */
const refsOfResponses = (
  file: OpenApiFile,
  pointer: string,
  operation: unknown,
): readonly (readonly [string, string])[] =>
  Object.keys(objectIn(operation, "responses")).flatMap((status) => {
    const [at, response] = followed(file, `${pointer}/responses/${status}`);
    if (!/^(?:[1-5](?:\d\d|XX)|default)$/i.test(status)) return [];
    if (Object.hasOwn(response, "schema")) return [[status, `${at}/schema`] as const];
    const content = objectIn(response, "content");
    const type = Object.keys(content).find((name) => JSON_TYPE.test(name));
    return type === undefined || !Object.hasOwn(objectIn(content, type), "schema")
      ? []
      : [[status, `${at}/content/${escapeStep(type)}/schema`] as const];
  });
