import type { Buffer } from "node:buffer";
import { Contents, lanesOf } from "./decode-line.ts";
import type { StoredPair, StoredResponded } from "./segment.ts";
import { MAX_PAIRS, NO_SECONDARY, type PairColumns } from "./wire.ts";
import { type Fields, Reader, refuse } from "./wire-fields.ts";

/** What pairs leave out because the segment says it once. */
interface Shared {
  /** Of ids that are numbers. */
  readonly prefix: string;
  readonly openedAt: number;
  readonly endpoints: readonly string[];
  readonly clusters: readonly unknown[];
}

type Unread<T> = { readonly [K in keyof T]: unknown };

interface WirePairs {
  readonly pairs: Unread<PairColumns>;
  readonly equal: { readonly s: unknown; readonly n: unknown; readonly m: readonly [unknown, unknown, unknown] };
  readonly lines: readonly unknown[];
}

type Column = readonly unknown[];

const column = (field: string, value: unknown, length: number): Column =>
  Array.isArray(value) && value.length === length ? value : refuse(field, `must be a list of ${length}`);

type Place = Pick<StoredPair, "id" | "at" | "endpoint" | "cluster">;

/** What all pairs have, in their order: ids and times are told from the pair before. */
const createPlaces = (
  wire: Unread<PairColumns>,
  count: number,
  shared: Shared,
): ((read: Reader, p: number) => Place) => {
  const [ids, times] = [column("pairs.i", wire.i, count), column("pairs.a", wire.a, count)];
  const [endpoints, clusters] = [column("pairs.e", wire.e, count), column("pairs.c", wire.c, count)];
  let number = 0;
  let at = shared.openedAt;
  const idOf = (read: Reader, value: unknown): string => {
    if (typeof value === "string") return value;
    number = read.count("id", number + read.integer("id", value));
    return shared.prefix + number;
  };
  return (read, p) => ({
    id: idOf(read, ids[p]),
    at: (at = read.integer("at", at + read.integer("at", times[p]))),
    endpoint:
      shared.endpoints[read.count("endpoint", endpoints[p])] ??
      read.fail("endpoint", "a position in endpoints", endpoints[p]),
    cluster: read.hex("cluster", shared.clusters[read.count("cluster", clusters[p])], 8),
  });
};

const EQUAL = { kind: "equal" } as const;

type Lanes = Pick<StoredPair, "request" | "primary" | "candidate" | "secondary" | "calls">;

/** The lanes of the pairs without a line, one pair after another. */
const createEqualLanes = (wire: WirePairs["equal"], count: number): ((read: Reader) => Lanes) => {
  const [statuses, sizes] = [column("equal.s", wire.s, count), column("equal.n", wire.n, count)];
  const [primary, candidate, secondary] = wire.m.map((ms, lane) => column(`equal.m.${lane}`, ms, count)) as [
    Column,
    Column,
    Column,
  ];
  let next = 0;
  return (read) => {
    const e = next++;
    const status = read.status("status", statuses[e]);
    const body = { kind: "equal", bytes: read.count("bytes", sizes[e]) } as const;
    const responded = (ms: number): StoredResponded => ({ outcome: "responded", status, headers: EQUAL, body, ms });
    const lanes = {
      primary: responded(read.ms("primary.ms", primary[e])),
      candidate: responded(read.ms("candidate.ms", candidate[e])),
    };
    if (secondary[e] === NO_SECONDARY) return lanes;
    return { ...lanes, secondary: responded(read.ms("secondary.ms", secondary[e])) };
  };
};

/** The lines by the position of their pair. One that stands at no position leaves the equal columns a row short. */
const byPosition = (lines: readonly unknown[]): ReadonlyMap<number, Fields> =>
  new Map(
    lines.map((line, index) => {
      const read = new Reader(`lines[${index}]`);
      const fields = read.fields("pair", line);
      return [read.count("p", fields.p), fields];
    }),
  );

/** @throws ShadowgraphError "invalid-input" that names the field that is wrong. */
export const readPairs = ({ pairs, equal, lines }: WirePairs, bytes: Buffer, shared: Shared): StoredPair[] => {
  const count = Array.isArray(pairs.i) ? pairs.i.length : refuse("pairs.i", "must be a list");
  if (count > MAX_PAIRS) return refuse("pairs.i", `must be a list of at most ${MAX_PAIRS}`);
  const placeOf = createPlaces(pairs, count, shared);
  const nextEqual = createEqualLanes(equal, count - lines.length);
  const lineAt = byPosition(lines);
  const contents = new Contents(bytes);
  const stored: StoredPair[] = [];
  for (let p = 0; p < count; p++) {
    const read = new Reader(p);
    const line = lineAt.get(p);
    const lanes = line === undefined ? nextEqual(read) : lanesOf(read, line, contents);
    stored.push({ ...placeOf(read, p), ...lanes });
  }
  if (!contents.isEmpty) return refuse("contents", "must be named by the lines, all of them");
  return stored;
};
