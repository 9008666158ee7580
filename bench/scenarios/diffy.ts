// Diffy's published rule on a scenario (JoinedDifferences.scala, defaults of Settings.scala).
import { isDeepStrictEqual } from "node:util";
import type { Responded } from "../../core/capture/capture.ts";
import { endpointOf } from "../../core/capture/endpoint.ts";
import { requestOf, respondedOf } from "../../core/capture/message.ts";
import type { Kind, Place } from "../../core/diff/place.ts";
import type { Exchange } from "../../test/scenarios/exchanges.ts";
import type { Accusation } from "../../test/scenarios/expect.ts";
import { compareLifted, type FieldDifference } from "./diffy-compare.ts";
import { liftAnswer } from "./diffy-lift.ts";

const RELATIVE_PERCENT = 20;
const ABSOLUTE_PERCENT = 0.03;

/** Raw is primary against candidate, noise primary against secondary. */
export const isFlagged = (raw: number, noise: number, total: number): boolean =>
  raw > noise &&
  (Math.abs(raw - noise) / (raw + noise)) * 100 > RELATIVE_PERCENT &&
  (Math.abs(raw - noise) / total) * 100 > ABSOLUTE_PERCENT;

/** Paths in our words: a status that is missing or too many is a status. */
const placeOf = ({ path: [, part, ...rest], kind }: FieldDifference): readonly [Place, Kind] => {
  if (part === undefined) return ["status", "status"];
  if (part === "headers") return [`header/${rest[0]}`, "header"];
  return [["body", ...rest].join("/"), kind];
};

const isSame = (left: Responded, right: Responded): boolean =>
  left.status === right.status &&
  isDeepStrictEqual(left.headers, right.headers) &&
  Buffer.compare(left.body, right.body) === 0;

const keysOf = (left: Responded, right: Responded): ReadonlySet<string> =>
  isSame(left, right)
    ? new Set()
    : new Set(compareLifted(liftAnswer(left), liftAnswer(right), []).map((it) => placeOf(it).join(" ")));

interface Endpoint {
  total: number;
  readonly raw: Map<string, number>;
  readonly noise: Map<string, number>;
}

const count = (counts: Map<string, number>, keys: ReadonlySet<string>): void => {
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** The fields it calls different. A request that a lane failed on leaves no record. */
export const diffyAccusations = (exchanges: Iterable<Exchange>): readonly Accusation[] => {
  const endpoints = new Map<string, Endpoint>();
  for (const { at, caller, request, replies } of exchanges) {
    const answers = [replies.primary, replies.candidate, replies.secondary].map((reply) =>
      reply === undefined || "fails" in reply ? undefined : respondedOf(reply.raw, reply.ms),
    );
    if (answers.includes(undefined)) continue;
    const { method, target } = requestOf(request, { id: "", at, caller });
    const name = endpointOf(method, target);
    const endpoint = endpoints.get(name) ?? { total: 0, raw: new Map(), noise: new Map() };
    endpoints.set(name, endpoint);
    endpoint.total += 1;
    const [primary, candidate, secondary] = answers as Responded[];
    count(endpoint.raw, keysOf(primary!, candidate!));
    count(endpoint.noise, keysOf(primary!, secondary!));
  }
  return [...endpoints].flatMap(([endpoint, { total, raw, noise }]) =>
    [...raw]
      .filter(([key, differences]) => isFlagged(differences, noise.get(key) ?? 0, total))
      .map(([key]) => {
        const at = key.lastIndexOf(" ");
        return { endpoint, place: key.slice(0, at), kind: key.slice(at + 1) as Kind };
      }),
  );
};
