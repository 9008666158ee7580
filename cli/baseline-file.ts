import { dirname, isAbsolute, join } from "node:path";
import * as z from "zod";
import { OpenApiFile, routesIn } from "../core/endpoints/openapi.ts";
import { MAX_ROUTES, Route } from "../core/endpoints/routes.ts";
import { BaselineFile, Name } from "../core/sampling/environment.ts";
import type { Io } from "./io.ts";
import { FileError, readYamlFile } from "./yaml-file.ts";

const Service = BaselineFile.shape.services.valueType;

/** baseline.yaml as it is written: it may name OpenAPI files in place of the routes that these hold. */
export const BaselineSource = z.strictObject({
  ...BaselineFile.shape,
  services: z
    .record(
      Name,
      z.strictObject({
        ...Service.shape,
        /** Path of a YAML or JSON file, from the folder of this one. */
        openapi: z.string().min(1).optional(),
      }),
    )
    .refine((services) => Object.keys(services).length > 0, "must name at least one service"),
});

/** @throws FileError "invalid-input" with all faults together, each with its line */
export const readBaselineFile = (io: Pick<Io, "readFile">, file: string): BaselineFile => {
  const { services, ...rest } = readYamlFile(io, file, BaselineSource);
  const withRoutes = Object.entries(services).map(([name, { openapi, ...service }]) => {
    if (openapi === undefined) return [name, service];
    const found = routesOf(io, isAbsolute(openapi) ? openapi : join(dirname(file), openapi));
    return [name, { ...service, routes: [...new Set([...(service.routes ?? []), ...found])] }];
  });
  return BaselineFile.parse({ ...rest, services: Object.fromEntries(withRoutes) });
};

const Routes = z.array(Route).min(1).max(MAX_ROUTES);

const routesOf = (io: Pick<Io, "readFile">, file: string): readonly string[] => {
  const found = routesIn(readYamlFile(io, file, OpenApiFile));
  const parsed = Routes.safeParse(found);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => ({
    field: found[Number(path[0])] ?? "paths",
    message,
  }));
  throw new FileError("invalid-input", file, `${file} has routes that cannot be used`, faults);
};
