import { createNames, readContract } from "../../adapters/endpoint-map.ts";
import { factsKeyOf } from "../../adapters/judgement.ts";
import { minuteOf } from "../../adapters/minute.ts";
import type { Archive, ArchiveObject, FactsKey, FactsStore, Ports, Recompare } from "../../adapters/ports.ts";
import { createRulesOf } from "../../core/diff/allowed.ts";
import type { Facts } from "../../core/noise/facts.ts";
import { factsOf } from "../../core/noise/facts-of.ts";
import type { Segment } from "../../core/segment/segment.ts";
import { foldMinutes } from "../judge/fold.ts";

export type RecomparePorts = Pick<
  Ports,
  "archive" | "catalog" | "endpointMap" | "facts" | "recompares" | "rules" | "schemas" | "wake"
>;

/** Facts written at once: DynamoDB takes 1 000 a second in a partition. */
const WRITES_AT_ONCE = 16;
/** A hundred pages of a listing, some ten seconds; of more objects it is only known that there are more. */
const MAX_COUNTED = 100_000;

/**
 * One step through the archive of a run, until `deadline` (milliseconds since 1970) but at least one segment. Facts are keyed by
 * their segment and folded before the step is noted: done twice, or broken off, a step does no harm, and once the last one is
 * noted all can be judged. A job that is not what the rules want any more ends here.
 */
export const recompareStep = async (
  { env, run, version }: FactsKey,
  ports: RecomparePorts,
  now: () => number,
  deadline: number,
): Promise<void> => {
  const [stored, rules] = await Promise.all([ports.recompares.of(env, run), ports.rules.rules(env)]);
  const key = factsKeyOf(env, run, rules);
  if (stored?.version !== version || key.version !== version || stored.next === null) return;
  const begun = stored.total > 0 ? stored : { ...stored, total: await countObjects(ports.archive, key, stored) };
  const { naming, schemasOf } = await readContract(ports, env);
  const rulesOf = createRulesOf(rules, naming);
  const minutes = new Set<number>();
  const unwritten: Unwritten[] = [];
  let reached: Recompare = begun;
  let isCut = false;
  for await (const { segment, at } of segmentsFrom(ports.archive, key, begun)) {
    minutes.add(minuteOf(segment.openedAt));
    unwritten.push({ segment, facts: factsOf(segment, rulesOf, schemasOf) });
    reached = { ...reached, ...at };
    isCut = now() >= deadline;
    if (isCut) break;
    if (unwritten.length === WRITES_AT_ONCE) await write(ports.facts, key, unwritten.splice(0), now());
  }
  await write(ports.facts, key, unwritten, now());
  await foldMinutes(ports.facts, key, [...minutes], await createNames(ports, env));
  const place = isCut ? {} : { done: reached.total, next: null };
  const isOurs = await ports.recompares.put(env, run, { ...reached, ...place, step: stored.step + 1, at: now() });
  if (!isOurs) return;
  await (isCut ? ports.recompares.ask(key) : ports.wake.judge(key, minuteOf(now())));
};

interface Unwritten {
  readonly segment: Segment;
  readonly facts: Facts;
}

const write = (store: FactsStore, key: FactsKey, all: readonly Unwritten[], now: number): Promise<unknown> =>
  Promise.all(all.map(({ segment, facts }) => store.put(key, minuteOf(segment.openedAt), segment.id, facts, now)));

/** Objects behind the one done last that can hold segments compared in another way. */
async function* objectsFrom(
  archive: Archive,
  { env, run }: FactsKey,
  { next, untilMinute }: Recompare,
): AsyncIterable<ArchiveObject> {
  for await (const object of archive.objects(env, run, next?.after)) {
    if (object.minute > untilMinute) return;
    yield object;
  }
}

const countObjects = async (archive: Archive, key: FactsKey, recompare: Recompare): Promise<number> => {
  let total = 0;
  for await (const _ of objectsFrom(archive, key, recompare)) if (++total === MAX_COUNTED) break;
  return total;
};

interface Reached {
  readonly segment: Segment;
  /** The place behind it. */
  readonly at: Pick<Recompare, "done" | "total" | "next">;
}

async function* segmentsFrom(archive: Archive, key: FactsKey, from: Recompare): AsyncIterable<Reached> {
  let [after, done] = [from.next?.after ?? "", from.done];
  for await (const { key: object } of objectsFrom(archive, key, from)) {
    const skipped = object === from.next?.object ? from.next.segments : 0;
    let segments = 0;
    for (const segment of await archive.segments(object)) {
      segments++;
      if (segments > skipped)
        yield { segment, at: { done, total: Math.max(from.total, done + 1), next: { after, object, segments } } };
    }
    after = object;
    done++;
  }
}
