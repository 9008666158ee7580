import { setTimeout as sleep } from "node:timers/promises";
import { endpointOf } from "../core/capture/endpoint.ts";
import { requestOutlineOf } from "../core/capture/message.ts";
import type { MadeCall, PairCalls } from "../core/pair/calls.ts";
import { callIdOf, secondaryIdOf } from "../core/sampling/call-id.ts";
import { MAX_ASKED_IDS, type ToldCall, ToldCalls } from "../core/sampling/heard-calls.ts";
import type { Source } from "./batch.ts";
import type { Limits } from "./limits.ts";
import { type RawRecord, readRecords } from "./records.ts";

/** What was called for a record; `unknown` where calls are asked for and cannot be known; undefined where nobody asks. */
export type CallsOf = (record: Pick<RawRecord, "source" | "number">) => PairCalls | "unknown" | undefined;

export interface AskingPorts {
  /** Milliseconds since 1970. */
  now(): number;
  /** For the log: what failed, without any byte of traffic. */
  failed(what: string, error: unknown): void;
}

/** A request of which calls are wanted. */
interface Wanted {
  readonly key: string;
  readonly id: string;
  readonly guards: readonly string[];
  readonly at: number;
  readonly hasSecondary: boolean;
}

const ASK_TIMEOUT_MS = 2_000;
/** Calls that still come are waited for: so many times as long. */
const MAX_ROUNDS = 3;
const MAX_REMEMBERED_IDS = 50_000;

const keyOf = ({ source, number }: Pick<RawRecord, "source" | "number">): string => `${source.key} ${number}`;

/** Asks guards what the lanes called, for a batch of requests that have all ended. In the shipper's thread. */
export class CallsAsking {
  readonly #limits: Pick<Limits, "callGraceMs">;
  readonly #ports: AskingPorts;
  /** By run and id, the request that it was asked for: of one id, only the calls of one request can be told apart. */
  readonly #asked = new Map<string, string>();

  constructor(limits: Pick<Limits, "callGraceMs">, ports: AskingPorts) {
    this.#limits = limits;
    this.#ports = ports;
  }

  /** Undefined where no source of the batch wants to know. Never rejects. */
  of(batch: Buffer, sources: readonly Source[]): Promise<CallsOf> | undefined {
    if (sources.every(({ calls }) => calls === undefined)) return undefined;
    const wanted: Wanted[] = [];
    readRecords(batch, sources, (record) => {
      const one = this.#wantedOf(record);
      if (one !== undefined) wanted.push(one);
    });
    return this.#ask(wanted);
  }

  /** Nothing where it cannot be known: the request names no id, or one that another request has, or a lane that matters failed. */
  #wantedOf(record: RawRecord): Wanted | undefined {
    const { calls } = record.source;
    if (calls === undefined || record.candidate.outcome === "failed") return undefined;
    const id = callIdOf(calls.key, idReader(record.request));
    if (id === undefined) return undefined;
    const key = keyOf(record);
    const name = `${record.source.key} ${id}`;
    if (this.#asked.has(name)) {
      this.#asked.set(name, "");
      return undefined;
    }
    if (this.#asked.size >= MAX_REMEMBERED_IDS) this.#asked.delete(this.#asked.keys().next().value!);
    this.#asked.set(name, key);
    const hasSecondary = record.secondary?.outcome === "responded";
    return { key, id, guards: calls.guards, at: record.at, hasSecondary };
  }

  async #ask(wanted: readonly Wanted[]): Promise<CallsOf> {
    const known = new Map<string, PairCalls>();
    let open = wanted;
    for (let round = 0; round < MAX_ROUNDS && open.length > 0; round++) {
      await sleep(this.#limits.callGraceMs);
      const later: Wanted[] = [];
      for (const [, its] of Map.groupBy(open, ({ guards }) => guards.join(" ")))
        later.push(...(await this.#askAll(its, known)));
      open = later;
    }
    return (record) => {
      if (record.source.calls === undefined) return undefined;
      const key = keyOf(record);
      return known.get(key) ?? "unknown";
    };
  }

  /** Notes what is known; those of which calls have come just now are given back, to be asked for again. */
  async #askAll(wanted: readonly Wanted[], known: Map<string, PairCalls>): Promise<readonly Wanted[]> {
    const guards = wanted[0]?.guards ?? [];
    const later: Wanted[] = [];
    for (let from = 0; from < wanted.length; from += MAX_ASKED_IDS / 2) {
      const some = wanted.slice(from, from + MAX_ASKED_IDS / 2);
      const ids = some.flatMap(({ id, hasSecondary }) => (hasSecondary ? [id, secondaryIdOf(id)] : [id]));
      const told = await this.#askEach(guards, ids);
      if (told === undefined) continue;
      for (const one of some) {
        const found = callsIn(told, one, this.#ports.now(), this.#limits.callGraceMs);
        if (found === "later") later.push(one);
        else if (found !== "unknown" && this.#isOnlyOne(one)) known.set(one.key, found);
      }
    }
    return later;
  }

  #isOnlyOne({ key, id }: Wanted): boolean {
    const run = key.slice(0, key.lastIndexOf(" "));
    return this.#asked.get(`${run} ${id}`) === key;
  }

  /** What all guards say; undefined where one of them says nothing. */
  async #askEach(guards: readonly string[], ids: readonly string[]): Promise<readonly ToldCalls[] | undefined> {
    try {
      return await Promise.all(guards.map((guard) => askGuard(guard, ids)));
    } catch (error) {
      this.#ports.failed("a guard could not be asked for calls", error);
      return undefined;
    }
  }
}

const idReader = (request: Buffer): ((name: string) => string | undefined) => {
  try {
    return requestOutlineOf(request).headerOf;
  } catch {
    return () => undefined;
  }
};

const askGuard = async (guard: string, ids: readonly string[]): Promise<ToldCalls> => {
  const answer = await fetch(new URL("/calls", guard), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ids }),
    signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return ToldCalls.parse(await answer.json());
};

/** A request is whole at the tee before its calls are made, by this much at most not. */
const SLACK_MS = 1_000;

/** What guards know of one request. Calls of a name that also came without an id are left out: whose they were is not known. */
const callsIn = (
  told: readonly ToldCalls[],
  { id, at, hasSecondary }: Wanted,
  now: number,
  graceMs: number,
): PairCalls | "later" | "unknown" => {
  const coversMs = Math.min(...told.map((one) => one.coversMs));
  if (now - at + SLACK_MS > coversMs) return "unknown";
  const pages = (of: string) => told.flatMap(({ calls }) => (Object.hasOwn(calls, of) ? [calls[of]!] : []));
  const hasHeard = (side: "primary" | "candidate") => told.some(({ heard }) => heard[side]);
  if (!hasHeard("primary") || !hasHeard("candidate")) return "unknown";
  const [own, others] = [pages(id), hasSecondary ? pages(secondaryIdOf(id)) : []];
  const all = [...own, ...others];
  if (all.some(({ isCut }) => isCut)) return "unknown";
  if (all.some(({ quietMs }) => quietMs < graceMs)) return "later";
  const unnamed = new Set(told.flatMap((one) => one.unnamed));
  const isNamed = (call: ToldCall): boolean => !unnamed.has(`${call.to} ${endpointOf(call.method, call.target)}`);
  const heard = {
    primary: own.flatMap(({ primary }) => primary),
    candidate: own.flatMap(({ candidate }) => candidate),
    secondary: others.flatMap(({ primary, candidate }) => [...primary, ...candidate]),
  };
  const lanes = [...heard.primary, ...heard.candidate, ...heard.secondary];
  // With nothing left to compare, what came without an id may have been all there was.
  if (unnamed.size > 0 && !lanes.some(isNamed)) return "unknown";
  const made = (calls: readonly ToldCall[]): readonly MadeCall[] => calls.filter(isNamed).map(madeOf);
  const calls = { primary: made(heard.primary), candidate: made(heard.candidate) };
  return hasSecondary ? { ...calls, secondary: made(heard.secondary) } : calls;
};

const madeOf = ({ body, ...call }: ToldCall): MadeCall => ({ ...call, body: Buffer.from(body, "base64") });
