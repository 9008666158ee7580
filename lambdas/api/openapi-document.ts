import * as z from "zod";
import { ERROR_CODES, type ErrorCode } from "../../core/errors.ts";
import type { Route } from "./route.ts";
import { ROUTES } from "./routes.ts";
import { shapes } from "./shapes.ts";

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 description of the API, made from the table that the app is made from. */
export const openApiDocument = (): Json => {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Shadowgraph",
      version: "1",
      description: "Baselines, overlays, mirroring, findings and the verdict. Ids and names are accepted alike.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "http://127.0.0.1:8081", description: "shadowgraph up" }],
    paths,
    components: { schemas: components() },
  };
};

const operation = (route: Route): Json => ({
  operationId: operationId(route),
  summary: route.summary,
  ...parameters(route),
  ...(route.body === null
    ? {}
    : {
        requestBody: {
          required: !route.body.safeParse({}).success,
          content: { "application/json": { schema: schemaOf(route.body, "input") } },
        },
      }),
  responses: {
    [route.status]: { description: "Done", ...content(route) },
    ...(route.accepted === undefined ? {} : { 202: { description: "Begun", ...json(route.accepted) } }),
    ...(route.method === "GET" ? NOT_MODIFIED : {}),
    ...problems(route),
  },
});

const NOT_MODIFIED = { 304: { description: "As named by If-None-Match: the ETag of an answer before" } };

/** `GET /environments/{id}/diffs/{findingId}` as `getEnvironmentsByIdDiffsByFindingId`. */
const operationId = ({ method, path }: Route): string =>
  method.toLowerCase() +
  path
    .split("/")
    .map((step) =>
      step.replace(/^\{(.)(.*)\}$/, (_all, first: string, rest: string) => `By${first.toUpperCase()}${rest}`),
    )
    .map((step) => step.charAt(0).toUpperCase() + step.slice(1))
    .join("");

const parameters = ({ params, query }: Route): Json => {
  const all = [...parametersOf(params, "path"), ...parametersOf(query, "query")];
  return all.length === 0 ? {} : { parameters: all };
};

/** By what they are parsed to: a whole number, although the wire has text. */
const parametersOf = (fields: z.ZodObject, where: "path" | "query"): Json[] =>
  Object.entries(fields.shape).map(([name, field]) => ({
    name,
    in: where,
    required: where === "path",
    schema: schemaOf(field as z.ZodType, "output"),
  }));

const json = (shape: z.ZodType): Json => ({
  content: { "application/json": { schema: { $ref: reference(shapes.get(shape)?.id ?? "") } } },
});

const content = ({ status, answer, textAnswers = [] }: Route): Json => {
  if (status === 204) return {};
  const schema = { $ref: reference(shapes.get(answer)?.id ?? "") };
  const text = textAnswers.map((mediaType) => [mediaType, { schema: { type: "string" } }]);
  return { content: { "application/json": { schema }, ...Object.fromEntries(text) } };
};

/** Codes that share a status are one response. Any request can be misspelt or meet a fault of the system. */
const problems = ({ errors, body }: Route): Json => {
  const codes: ErrorCode[] = [
    "invalid-input",
    ...errors,
    ...(body ? (["too-large"] as const) : []),
    "unavailable",
    "internal",
  ];
  const byStatus = Map.groupBy(codes, (code) => ERROR_CODES[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      status,
      {
        description: same.map((code) => `\`${code}\``).join(", "),
        content: { "application/problem+json": { schema: { $ref: reference("Problem") } } },
      },
    ]),
  );
};

const reference = (id: string): string => `#/components/schemas/${id}`;

const components = (): Json => {
  const { schemas } = z.toJSONSchema(shapes, { uri: reference, unrepresentable: "any" });
  const named = Object.fromEntries(
    Object.entries(schemas)
      .filter(([id]) => id !== "Nothing")
      .map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema]),
  );
  return { ...named, ...definitions() };
};

const schemaOf = (type: z.ZodType, io: "input" | "output"): Json => {
  const { $schema: _schema, $defs: _defs, ...schema } = withDefinitions(type, io);
  return schema;
};

/** What contains itself is defined apart, under its name. */
const definitions = (): Json =>
  Object.assign({}, ...ROUTES.map(({ body }) => (body === null ? {} : withDefinitions(body, "input").$defs)));

const withDefinitions = (type: z.ZodType, io: "input" | "output"): Json => {
  const text = JSON.stringify(z.toJSONSchema(type, { io, unrepresentable: "any" }));
  return JSON.parse(text.replaceAll('"#/$defs/', `"${reference("")}`));
};
