import type { Case } from "./case.ts";
import { isDataLike } from "./data-like.ts";
import { causesOf } from "./groups.ts";
import type { Finding } from "./verdict.ts";

/** Fewer endpoints are one change of the code as well. */
const MIN_ENDPOINTS = 3;

/**
 * Endpoints whose findings look as if the data differed: all that is confirmed in the run is of values, or of things that one lane
 * knows and the other does not, at half of the endpoints or more, each at several places or by status. A change of the code can look
 * the same, so it is no more than a remark.
 */
export const endpointsLikeData = ({ findings, facts, settings }: Case): readonly string[] => {
  const confirmed = findings.filter((finding) => finding.confirmed && finding.kind !== "latency");
  if (!causesOf(confirmed).every(([first]) => isDataLike(first!))) return [];
  const byEndpoint = [...Map.groupBy(confirmed, ({ endpoint }) => endpoint)];
  const isTelling = (its: readonly Finding[]) => its.length > 1 || its[0]?.kind === "status";
  const telling = byEndpoint
    .filter(([, its]) => isTelling(its))
    .map(([endpoint]) => endpoint)
    .sort();
  const seen = Object.values(facts.endpoints).filter(({ pairs }) => pairs >= settings.minPairsPerEndpoint).length;
  return telling.length >= MIN_ENDPOINTS && telling.length >= seen / 2 ? telling : [];
};
