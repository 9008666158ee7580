import { readRouting } from "../../adapters/endpoint-map.ts";
import { comparisonRules } from "../../core/diff/rules.ts";
import { createNaming } from "../../core/endpoints/naming.ts";
import { type Suggestion, suggestionsOf } from "../../core/rules/suggest.ts";
import { keySuggestions } from "../../core/rules/suggest-keys.ts";
import type { StoredPair } from "../../core/segment/segment.ts";
import { sampleSegments } from "./archive-sample.ts";
import type { Call } from "./deps.ts";
import type { Reading } from "./reading.ts";

/** Pairs that differ, looked at for keys of lists. */
const MAX_PAIRS = 300;
const LOOK_MS = 4_000;

/** Rules that what was seen speaks for: from the facts, and for keys of lists from some of the pairs themselves. */
export const suggestionsFor = async (reading: Reading, call: Call): Promise<readonly Suggestion[]> => {
  const { overlay, judgement } = reading;
  const rules = comparisonRules(await call.ports.rules.rules(overlay.id));
  const presentOf = (endpoint: string) => rules.filter((rule) => (rule.endpoint ?? endpoint) === endpoint);
  const keys = keySuggestions(await differingPairs(reading, call), presentOf);
  return [...suggestionsOf(judgement.facts, judgement.findings), ...keys];
};

/** Under the names by which findings show their endpoints. */
const differingPairs = async ({ overlay: { id, run } }: Reading, { ports, now }: Call): Promise<StoredPair[]> => {
  const end = now() + LOOK_MS;
  const naming = createNaming(await readRouting(ports.catalog, id), await ports.endpointMap.learned(id));
  const pairs: StoredPair[] = [];
  for await (const segment of sampleSegments(ports.archive, id, run.id)) {
    pairs.push(...segment.pairs.filter(isStoredWhole));
    if (pairs.length >= MAX_PAIRS || now() >= end) break;
  }
  return pairs.slice(0, MAX_PAIRS).map((pair) => ({ ...pair, endpoint: naming(pair.endpoint) }));
};

const isStoredWhole = ({ primary }: StoredPair): boolean => primary.body.kind === "content";
