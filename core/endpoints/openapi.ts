import * as z from "zod";

/** What an OpenAPI 3 or Swagger 2 file must have for its routes to be read. */
export const OpenApiFile = z.looseObject({
  servers: z
    .array(
      z.looseObject({
        url: z.string().default("/"),
        variables: z.record(z.string(), z.looseObject({ default: z.coerce.string() })).default({}),
      }),
    )
    .default([]),
  /** Swagger 2 alone. */
  basePath: z.string().default(""),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});
export type OpenApiFile = z.infer<typeof OpenApiFile>;

const METHODS: ReadonlySet<string> = new Set("get put post delete options head patch trace".split(" "));

/** An operation of a file, and where it stands there, as a JSON pointer. */
export interface Operation {
  /** `GET /v1/users/{name}`: the path under each server's. */
  readonly routes: readonly string[];
  readonly pointer: string;
  readonly operation: unknown;
}

export const operationsIn = ({ paths, servers, basePath }: OpenApiFile): readonly Operation[] => {
  const prefixes = servers.length === 0 ? [basePath] : [...new Set(servers.map(prefixOf))];
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([key]) => METHODS.has(key))
      .map(([method, operation]) => ({
        routes: prefixes.map((prefix) => `${method.toUpperCase()} ${tidy(`${prefix}/${path}`)}`),
        pointer: `#/paths/${escapeStep(path)}/${method}`,
        operation,
      })),
  );
};

export const routesIn = (file: OpenApiFile): readonly string[] => operationsIn(file).flatMap(({ routes }) => routes);

/** A key as a step of a JSON pointer in a fragment (RFC 6901, 6). */
export const escapeStep = (key: string): string =>
  encodeURIComponent(key).replaceAll("~", "~0").replaceAll("%2F", "~1");

/** The path of a server's URL, which may be relative. */
const prefixOf = ({ url, variables }: OpenApiFile["servers"][number]): string =>
  url
    .replace(/\{([^{}]*)\}/g, (whole, name: string) => variables[name]?.default ?? whole)
    .replace(/^[a-z][a-z0-9+.-]*:/i, "")
    .replace(/^\/\/[^/]*/, "");

/** One slash before each step, none at the end, no query. */
const tidy = (path: string): string => {
  const steps = path.replace(/[?#].*$/s, "").split("/");
  return `/${steps.filter((step) => step !== "").join("/")}`;
};
