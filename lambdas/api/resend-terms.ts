import { readContract } from "../../adapters/endpoint-map.ts";
import type { RulesOf } from "../../core/diff/allowed.ts";
import { createRulesOf } from "../../core/diff/allowed.ts";
import type { Terms } from "../../core/diff/compare.ts";
import { isIgnored } from "../../core/diff/ignore.ts";
import type { Place } from "../../core/diff/place.ts";
import type { Rules } from "../../core/diff/rules.ts";
import type { SchemasOf } from "../../core/diff/schemas.ts";
import { createNaming, type Naming } from "../../core/endpoints/naming.ts";
import type { Call } from "./deps.ts";

/** How pairs of an overlay are compared and named, as the run's own are. */
export interface ResendTerms {
  readonly rules: Rules;
  readonly rulesOf: RulesOf;
  readonly schemasOf: SchemasOf;
  /** Of an endpoint as tees name it. */
  readonly naming: Naming;
  termsOf(endpoint: string): Terms;
  /** By its name, under which findings show it. */
  isIgnored(endpoint: string, place: Place): boolean;
}

export const readTerms = async (env: string, { ports }: Call): Promise<ResendTerms> => {
  const [rules, contract, learned] = await Promise.all([
    ports.rules.rules(env),
    readContract(ports, env),
    ports.endpointMap.learned(env),
  ]);
  const { schemasOf } = contract;
  const rulesOf = createRulesOf(rules, contract.naming);
  return {
    rules,
    rulesOf,
    schemasOf,
    naming: createNaming(contract.routing, learned),
    termsOf: (endpoint) => ({ rules: rulesOf(endpoint), schemas: schemasOf(endpoint) }),
    isIgnored: (endpoint, place) => isIgnored(rules, endpoint, place) !== undefined,
  };
};
