import { dirname, isAbsolute, join } from "node:path";
import * as z from "zod";
import { OpenApiFile, routesIn } from "../core/endpoints/openapi.ts";
import { type ResponseSchemas, schemasIn } from "../core/endpoints/response-schemas.ts";
import { MAX_ROUTES, Route } from "../core/endpoints/routes.ts";
import { BaselineFile, servicesOf } from "../core/sampling/environment.ts";
import type { Io } from "./io.ts";
import { FileError, readYamlFile } from "./yaml-file.ts";

const Service = BaselineFile.shape.services.valueType;

/** baseline.yaml as it is written: it may name OpenAPI files in place of the routes that these hold. */
export const BaselineSource = z.strictObject({
  ...BaselineFile.shape,
  services: servicesOf(
    z.strictObject({
      ...Service.shape,
      /** Path of a YAML or JSON file, from the folder of this one. */
      openapi: z.string().min(1).optional(),
    }),
  ),
});

/** A baseline as the API takes it. */
export interface BaselineRead {
  readonly file: BaselineFile;
  /** By service, of those with an OpenAPI file. */
  readonly schemas: Readonly<Record<string, ResponseSchemas>>;
  /** Schemas that cannot be used, each with the reason. */
  readonly unread: readonly string[];
}

/** @throws FileError "invalid-input" with all faults together, each with its line */
export const readBaselineFile = (io: Pick<Io, "readFile">, file: string): BaselineRead => {
  const { services, ...rest } = readYamlFile(io, file, BaselineSource);
  const schemas: Record<string, ResponseSchemas> = {};
  const unread: string[] = [];
  const withRoutes = Object.entries(services).map(([name, { openapi, ...service }]) => {
    if (openapi === undefined) return [name, service];
    const read = readOpenApi(io, isAbsolute(openapi) ? openapi : join(dirname(file), openapi));
    schemas[name] = read.schemas;
    unread.push(...read.unread);
    return [name, { ...service, routes: [...new Set([...(service.routes ?? []), ...read.routes])] }];
  });
  return { file: BaselineFile.parse({ ...rest, services: Object.fromEntries(withRoutes) }), schemas, unread };
};

const Routes = z.array(Route).min(1).max(MAX_ROUTES);

/** What an OpenAPI 3 or Swagger 2 file says of a service. */
export interface OpenApiRead {
  readonly routes: readonly string[];
  readonly schemas: ResponseSchemas;
  /** Schemas that cannot be used, each with the reason. */
  readonly unread: readonly string[];
}

/** @throws FileError "invalid-input" where it is none, or its routes cannot be used */
export const readOpenApi = (io: Pick<Io, "readFile">, file: string): OpenApiRead => {
  const openapi = readYamlFile(io, file, OpenApiFile);
  const found = routesIn(openapi);
  const parsed = Routes.safeParse(found);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({
      field: found[Number(path[0])] ?? "paths",
      message,
    }));
    throw new FileError("invalid-input", file, `${file} has routes that cannot be used`, faults);
  }
  const { found: schemas, unread } = schemasIn(openapi);
  return { routes: parsed.data, schemas, unread: unread.map((why) => `${file}: ${why}`) };
};

const MAX_NAMED = 5;

/** For people; "" where all can be used. */
export const unreadText = (unread: readonly string[]): string => {
  if (unread.length === 0) return "";
  const named = unread.slice(0, MAX_NAMED).map((why) => `  ${why}\n`);
  const more = unread.length > MAX_NAMED ? `  and ${unread.length - MAX_NAMED} more\n` : "";
  const what = unread.length === 1 ? "one answer is" : `${unread.length} answers are`;
  return `${what} not checked against a schema:\n${named.join("")}${more}`;
};
