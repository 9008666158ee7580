import { isDeepStrictEqual } from "node:util";
import type { Drifts } from "../adapters/drifts.ts";
import { readContract } from "../adapters/endpoint-map.ts";
import type { Ports } from "../adapters/ports.ts";
import { endpointOf } from "../core/capture/endpoint.ts";
import { requestOf, respondedOf } from "../core/capture/message.ts";
import { createRulesOf } from "../core/diff/allowed.ts";
import { isIgnored } from "../core/diff/ignore.ts";
import type { Rules } from "../core/diff/rules.ts";
import { createNaming, type Naming } from "../core/endpoints/naming.ts";
import { marksOf } from "../core/noise/odd.ts";
import type { DriftReads } from "../core/sampling/drift-reads.ts";
import type { Plan, PlanEntry } from "../core/sampling/plan.ts";
import type { StoreOptions } from "../core/segment/safe-body.ts";
import { storePair } from "../core/segment/stub.ts";
import { type DriftState, type Look, lookOf, observe, type ReadState } from "../core/verdict/drift.ts";
import { type Source, sourceOf } from "./batch.ts";
import { DriftLanes, type Ends } from "./drift-lanes.ts";
import type { Limits } from "./limits.ts";
import type { Marks } from "./marks.ts";
import type { MirrorEnd } from "./mirror-pool.ts";
import type { Storing } from "./storing.ts";

export interface DriftParts {
  readonly primaryUrl: string;
  readonly ports: { readonly drifts: Drifts } & Pick<Ports, "catalog" | "endpointMap" | "rules" | "schemas">;
  readonly how: Storing;
  readonly limits: Limits;
  readonly marks: Marks;
  /** Begins the ids of requests, as the marks sign it. */
  readonly idPrefix: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** For the log: what failed, without any byte of an answer. */
  readonly failed: (what: string, error: unknown) => void;
}

type Declaring = PlanEntry & { readonly drift: DriftReads };

interface Watched {
  readonly entry: Declaring;
  readonly source: Source;
  readonly lanes: DriftLanes;
  /** Not before: another tee may have looked by then. Milliseconds since 1970. */
  dueAt: number;
}

/** Asks all lanes for the declared reads now and then, and notes what the answers say of the data. One tee of all does it at a time. */
export class DriftLooks {
  readonly #parts: DriftParts;
  #watched: Watched[] = [];

  constructor(parts: DriftParts) {
    this.#parts = parts;
  }

  /** What is in no plan any more is not looked at. */
  apply({ entries }: Plan): void {
    const declaring = entries.filter((entry): entry is Declaring => entry.drift !== undefined);
    const kept = this.#watched.filter(({ entry }) => declaring.some((one) => isDeepStrictEqual(one, entry)));
    for (const { entry, lanes } of this.#watched) if (!kept.some((one) => one.entry === entry)) lanes.close();
    this.#watched = declaring.map(
      (entry) =>
        kept.find((one) => isDeepStrictEqual(one.entry, entry)) ?? {
          entry,
          source: sourceOf(entry),
          lanes: new DriftLanes(this.#parts, entry),
          dueAt: 0,
        },
    );
  }

  /** Looks where it is time to, one read after the other. */
  async look(): Promise<void> {
    for (const watched of this.#watched) {
      if (this.#parts.now() < watched.dueAt) continue;
      try {
        await this.#round(watched);
      } catch (error) {
        this.#parts.failed("what drift reads saw could not be noted", error);
      }
    }
  }

  async #round(watched: Watched): Promise<void> {
    const { ports, now } = this.#parts;
    const { env, run, drift } = watched.entry;
    const [at, everyMs] = [now(), drift.everySeconds * 1_000];
    const before = await ports.drifts.of(env, run);
    const dueAt = before === undefined ? at : before.at + everyMs;
    watched.dueAt = at < dueAt ? dueAt : at + everyMs;
    if (at < dueAt) return;
    const step = (before?.step ?? 0) + 1;
    if (!(await ports.drifts.put(env, run, { step, at, state: before?.state ?? null }))) return;
    const state = await this.#seen(watched, before?.state ?? undefined, at);
    await ports.drifts.put(env, run, { step: step + 1, at, state });
  }

  async #seen({ entry, source, lanes }: Watched, stored: DriftState | undefined, at: number): Promise<DriftState> {
    const { ports, now } = this.#parts;
    const rules = await ports.rules.rules(entry.env);
    const { routing } = await readContract(ports, entry.env);
    const how = this.#parts.how(source);
    const naming = createNaming(routing, await ports.endpointMap.learned(entry.env));
    const known = stored?.rules === rules.version ? stored.reads : {};
    const reads: Record<string, ReadState> = {};
    const { drift } = entry;
    for (const read of [...drift.reads, ...drift.versions]) {
      const ends = await lanes.ask(read, `${this.#parts.idPrefix}-drift${at}`);
      const look = this.#lookAt(read, ends, now(), { how, rules, naming });
      reads[read] = observe(known[read], look, at, drift.versions.includes(read));
    }
    return { rules: rules.version, at, reads };
  }

  /** What one service answers must not keep the other reads from being looked at. */
  #lookAt(...of: Parameters<typeof lookAt>): Look {
    try {
      return lookAt(...of);
    } catch (error) {
      this.#parts.failed("the answers to a drift read could not be compared", error);
      return { outcome: "failed", because: "the answers could not be compared" };
    }
  }
}

interface Terms {
  readonly how: StoreOptions;
  readonly rules: Rules;
  readonly naming: Naming;
}

const lookAt = (read: string, ends: Ends, at: number, { how, rules, naming }: Terms): Look => {
  const { primary, candidate, secondary } = ends;
  const lanes = { primary, candidate, secondary };
  for (const [lane, end] of Object.entries(lanes))
    if (end.outcome !== "responded") return { outcome: "failed", because: `the ${lane} ${WHY[whyOf(end)]}` };
  const request = requestOf(Buffer.from(ends.request, "latin1"), { id: "", at, caller: "" });
  const captureOf = (end: MirrorEnd) => respondedOf(Buffer.concat(rawOf(end)), 0);
  const of = {
    request,
    primary: captureOf(primary),
    candidate: captureOf(candidate),
    secondary: captureOf(secondary),
  };
  const pair = storePair(of, how);
  const endpoint = endpointOf("GET", read);
  const terms = { rules: createRulesOf(rules, naming)(endpoint) };
  const { marks } = marksOf(pair.primary, pair.candidate, pair.secondary, at, terms);
  const name = naming(endpoint);
  const told = marks.filter(({ place }) => isIgnored(rules, name, place) === undefined);
  return lookOf(told, of.primary.status, of.candidate.status);
};

const rawOf = (end: MirrorEnd): readonly Buffer[] => (end.outcome === "responded" ? end.raw : []);

const whyOf = (end: MirrorEnd): keyof typeof WHY =>
  end.outcome === "failed" ? end.reason : end.outcome === "tooLarge" ? "tooLarge" : "invalid";

const WHY = {
  timeout: "did not answer in time",
  refused: "could not be reached",
  reset: "broke off",
  invalid: "sent no HTTP",
  tooLarge: "sent an answer larger than MAX_BODY_BYTES",
} as const;
