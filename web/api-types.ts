// Writes api-shapes.d.ts, the types of the dashboard's calls, from docs/openapi.json: `npm run openapi`. A test keeps it in step.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>;
interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const typeOf = (schema: Schema): string => {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(typeOf).join(" | ");
  const { type } = schema;
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one })).join(" | ");
  if (type === "array") return `readonly (${typeOf(schema.items ?? {})})[]`;
  if (type === "object") return objectOf(schema);
  if (type === "integer") return "number";
  return typeof type === "string" ? type : "unknown";
};

const objectOf = ({ properties = {}, required = [], additionalProperties }: Schema): string => {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const [mark, orNothing] = required.includes(name) ? ["", ""] : ["?", " | undefined"];
    return `readonly ${JSON.stringify(name)}${mark}: ${typeOf(schema)}${orNothing}`;
  });
  if (fields.length > 0) return `{ ${fields.join("; ")} }`;
  if (typeof additionalProperties === "object") return `Readonly<Record<string, ${typeOf(additionalProperties)}>>`;
  return "Readonly<Record<string, never>>";
};

/** Fields with a default may be left out of a request. */
const asInput = (schema: Schema): Schema => {
  const required = (schema.required ?? []).filter((name) => !("default" in (schema.properties?.[name] ?? {})));
  return { ...schema, required };
};

const routeOf = (method: string, path: string, { parameters = [], requestBody, responses }: Operation): string => {
  const fieldsOf = (where: string): string => {
    const its = parameters.filter((parameter) => parameter.in === where);
    return objectOf({
      properties: Object.fromEntries(its.map(({ name, schema }) => [name, schema])),
      required: its.filter(({ required }) => required).map(({ name }) => name),
    });
  };
  const body = requestBody?.content["application/json"]?.schema;
  const answers = ["200", "201", "202"].flatMap((status) => {
    const schema = responses[status]?.content?.["application/json"]?.schema;
    return schema === undefined ? [] : [typeOf(schema)];
  });
  const parts = [
    `params: ${fieldsOf("path")}`,
    `query: ${fieldsOf("query")}`,
    `body: ${body === undefined ? "undefined" : typeOf(asInput(body))}`,
    `answer: ${[...new Set(answers)].join(" | ") || "undefined"}`,
  ];
  return `  ${JSON.stringify(`${method.toUpperCase()} ${path}`)}: { ${parts.join("; ")} };`;
};

export const apiTypes = (document: Document): string => {
  const shapes = Object.entries(document.components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typeOf(schema)};`,
  );
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => routeOf(method, path, operation)),
  );
  return [
    "// Made from docs/openapi.json by `npm run openapi`.",
    ...shapes,
    "export interface Routes {",
    ...routes,
    "}",
    "",
  ].join("\n");
};

export const readDocument = (): Document => JSON.parse(readFileSync(fileOf("../docs/openapi.json"), "utf8"));

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(fileOf("./api-shapes.d.ts"), apiTypes(readDocument()));
