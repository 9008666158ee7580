import { createSchemasOf, type SchemasOf } from "../core/diff/schemas.ts";
import { createNaming, type Naming, NO_ROUTING, type Routing } from "../core/endpoints/naming.ts";
import { type Learned, learn } from "../core/endpoints/slugs.ts";
import { ShadowgraphError } from "../core/errors.ts";
import { type Baseline, type Overlay, routingOf } from "../core/sampling/environment.ts";
import { isShadowgraphError } from "./fault.ts";
import { keyOf } from "./key.ts";
import type { Catalog, EndpointMap, SchemasStore } from "./ports.ts";
import { ABSENT, type Table } from "./table.ts";

const MAX_TRIES = 8;

export const createEndpointMap = (table: Table): EndpointMap => {
  const keyOfMap = (env: string) => ({ pk: keyOf("ENV", env), sk: "ENDPOINTS" });

  const read = async (env: string): Promise<{ readonly learned: Learned; readonly step: number }> => {
    const row = await table.get(keyOfMap(env));
    return { learned: (row?.value ?? []) as Learned, step: Number(row?.attributes.step ?? 0) };
  };

  return {
    learned: async (env) => (await read(env)).learned,

    async learn(env, endpoints) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const { learned, step } = await read(env);
        const grown = learn(learned, endpoints);
        if (grown === learned) return learned;
        const condition = step === 0 ? ABSENT : { expression: "#step = :before", values: { before: step } };
        const attributes = { step: step + 1 };
        if (await table.put({ ...keyOfMap(env), value: grown, attributes, condition })) return grown;
      }
      throw new ShadowgraphError("unavailable", `too many learn the endpoints of "${env}" at once`);
    },
  };
};

interface Versions {
  readonly overlay: Overlay;
  readonly baseline: Baseline;
}

/** undefined for an environment that was deleted. */
const readVersions = async (catalog: Catalog, env: string): Promise<Versions | undefined> => {
  try {
    const overlay = await catalog.overlay(env);
    return { overlay, baseline: await catalog.baseline(overlay.baseline) };
  } catch (error) {
    if (isShadowgraphError(error, "not-found")) return undefined;
    throw error;
  }
};

/** What is given of the services of an environment; nothing of one that was deleted. */
export const readRouting = async (catalog: Catalog, env: string): Promise<Routing> => {
  const versions = await readVersions(catalog, env);
  return versions === undefined ? NO_ROUTING : routingOf(versions.baseline, versions.overlay);
};

/** What the services of an environment are said to answer. */
export interface Contract {
  readonly routing: Routing;
  /** By the routes alone. */
  readonly naming: Naming;
  readonly schemasOf: SchemasOf;
}

export const readContract = async (
  { catalog, schemas }: { readonly catalog: Catalog; readonly schemas: SchemasStore },
  env: string,
): Promise<Contract> => {
  const versions = await readVersions(catalog, env);
  if (versions === undefined)
    return { routing: NO_ROUTING, naming: createNaming(NO_ROUTING), schemasOf: () => undefined };
  const { baseline, overlay } = versions;
  const routing = routingOf(baseline, overlay);
  const naming = createNaming(routing);
  const byService = baseline.schemas === undefined ? {} : await schemas.of(baseline.id);
  const changed = Object.keys(overlay.file.services).flatMap((service) => byService[service] ?? []);
  return { routing, naming, schemasOf: createSchemasOf(changed, naming) };
};

/** Learns endpoints at which something was found, and gives the naming by all that is known then. */
export type Names = (found: readonly string[]) => Promise<Naming>;

/** Remembers what it learned: only what is new is written. */
export const createNames = async (
  { catalog, endpointMap }: { readonly catalog: Catalog; readonly endpointMap: EndpointMap },
  env: string,
): Promise<Names> => {
  const routing = await readRouting(catalog, env);
  const named = createNaming(routing);
  if (routing.isWhole) return async () => named;
  let learned = await endpointMap.learned(env);
  let naming = createNaming(routing, learned);
  return async (found) => {
    // What has a route needs no other name.
    const unrouted = found.filter((endpoint) => named(endpoint) === endpoint);
    if (learn(learned, unrouted) === learned) return naming;
    learned = await endpointMap.learn(env, unrouted);
    naming = createNaming(routing, learned);
    return naming;
  };
};
