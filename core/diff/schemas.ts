import type { JsonSchema } from "../endpoints/json-schema.ts";
import type { Naming } from "../endpoints/naming.ts";
import type { ResponseSchemas } from "../endpoints/response-schemas.ts";
import type { Answer } from "./answer.ts";
import { isSameBody } from "./bodies.ts";
import type { Budget } from "./budget.ts";
import type { Differences, Spot } from "./differences.ts";
import { type Violation, violationsOf } from "./schema-check.ts";
import { previewOf } from "./text.ts";

/** What the answers of one endpoint must look like, by status. */
export interface EndpointSchemas {
  of(status: number): JsonSchema | undefined;
  /** By `$ref`. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

/** Gives the schemas of an endpoint as tees name it; undefined where there are none. */
export type SchemasOf = (endpoint: string) => EndpointSchemas | undefined;

/** @param all of each service that the overlay changes */
export const createSchemasOf = (all: readonly ResponseSchemas[], naming: Naming): SchemasOf => {
  const byRoute = new Map(
    all.flatMap(({ responses, schemas }) =>
      Object.entries(responses).map(([route, refs]) => [route, endpointSchemas(refs, schemas)] as const),
    ),
  );
  return byRoute.size === 0 ? () => undefined : (endpoint) => byRoute.get(naming(endpoint));
};

/** The exact status before its class, that before `default`. */
const endpointSchemas = (
  refs: Readonly<Record<string, string>>,
  schemas: Readonly<Record<string, JsonSchema>>,
): EndpointSchemas => ({
  of: (status) => {
    const ref = refs[String(status)] ?? refs[`${Math.floor(status / 100)}XX`] ?? refs.default;
    return ref === undefined ? undefined : schemas[ref];
  },
  schemas,
});

const FITS = "as its schema says";

/** Adds the places at which one answer breaks its schema and the other does not break it in the same way. */
export const compareWithSchemas = (
  left: Answer,
  right: Answer,
  schemas: EndpointSchemas,
  found: Differences,
  budget: Budget,
): void => {
  if (left.capture.outcome === "failed" || right.capture.outcome === "failed") return;
  if (isSameBody(left.capture.body, right.capture.body) && left.capture.status === right.capture.status) return;
  const [lefts, rights] = [left, right].map((answer) => answer.violations(() => violationsIn(answer, schemas, budget)));
  if (lefts === undefined || rights === undefined) return found.leaveUndecided("comparing took too much work");
  for (const violation of missingIn(lefts, rights))
    found.add(violation.place, "schema", sayingOf(violation), FITS, "text");
  for (const violation of missingIn(rights, lefts))
    found.add(violation.place, "schema", FITS, sayingOf(violation), "text");
};

/** Of `violations` those that the other side has not. */
const missingIn = (violations: readonly Violation[], others: readonly Violation[]): readonly Violation[] => {
  const known = new Set(others.map(keyOf));
  return violations.filter((violation) => !known.has(keyOf(violation)));
};

/** The left answer breaks its schema, the right one mends it. */
export const isMended = ({ kind, rights }: Spot): boolean =>
  kind === "schema" && rights.every((value) => value === FITS);

const keyOf = ({ place, keyword }: Violation): string => `${place}\n${keyword}`;

const sayingOf = ({ asks, value }: Violation): string =>
  value === undefined ? `asks for ${asks}; it is missing` : `asks for ${asks}; got ${previewOf(value)}`;

const NONE: readonly Violation[] = [];

/** undefined: that took too much work. */
const violationsIn = (answer: Answer, endpoint: EndpointSchemas, budget: Budget): readonly Violation[] | undefined => {
  const { capture } = answer;
  const schema = capture.outcome === "failed" ? undefined : endpoint.of(capture.status);
  if (schema === undefined || answer.content.kind !== "data" || answer.content.format !== "JSON") return NONE;
  return violationsOf(answer.content.value, schema, endpoint.schemas, budget);
};
