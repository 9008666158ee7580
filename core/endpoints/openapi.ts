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

/** `GET /v1/users/{name}`: each path under each server's. */
export const routesIn = ({ paths, servers, basePath }: OpenApiFile): readonly string[] => {
  const prefixes = servers.length === 0 ? [basePath] : [...new Set(servers.map(prefixOf))];
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((key) => METHODS.has(key))
      .map((method) => [method.toUpperCase(), path] as const),
  );
  return prefixes.flatMap((prefix) => operations.map(([method, path]) => `${method} ${tidy(`${prefix}/${path}`)}`));
};

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
