import type { Ports } from "../../adapters/ports.ts";
import type { ResponseSchemas } from "../../core/endpoints/response-schemas.ts";
import { ShadowgraphError } from "../../core/errors.ts";
import type { Baseline, BaselineFile } from "../../core/sampling/environment.ts";

type SchemasByService = Readonly<Record<string, ResponseSchemas>>;

interface Means {
  readonly ports: Pick<Ports, "catalog" | "schemas">;
  /** Milliseconds since 1970. */
  now(): number;
  newId(prefix: string): string;
}

/** Stores a baseline with the schemas of its answers. @throws ShadowgraphError "invalid-input" or "conflict" */
export const storeBaseline = async (
  file: BaselineFile,
  given: SchemasByService,
  { ports, ...means }: Means,
  beforeWriting: (baseline: Baseline) => Promise<void> = async () => {},
): Promise<Baseline> => {
  checkServices(file, given);
  const schemas = Object.entries(given).filter(([, { responses }]) => Object.keys(responses).length > 0);
  const counts = schemas.map(([service, its]) => [service, countAnswers(its)] as const);
  const baseline: Baseline = {
    id: means.newId(file.name),
    createdAt: means.now(),
    file,
    ...(counts.length === 0 ? {} : { schemas: Object.fromEntries(counts) }),
  };
  await beforeWriting(baseline);
  if (schemas.length > 0) await ports.schemas.put(baseline.id, Object.fromEntries(schemas));
  await ports.catalog.createBaseline(baseline);
  return baseline;
};

const countAnswers = ({ responses }: ResponseSchemas): number =>
  Object.values(responses).reduce((sum, refs) => sum + Object.keys(refs).length, 0);

const checkServices = ({ name, services }: BaselineFile, given: SchemasByService): void => {
  const allowed = Object.keys(services);
  const faults = Object.keys(given)
    .filter((service) => !allowed.includes(service))
    .map((service) => ({
      field: `schemas.${service}`,
      message: `is no service of baseline "${name}"; allowed: ${allowed.join(", ")}`,
    }));
  if (faults.length > 0) throw new ShadowgraphError("invalid-input", "the schemas do not fit the baseline", { faults });
};
