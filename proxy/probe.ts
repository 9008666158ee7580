import { canaryOf, needsAnswer, type Probe, withAnswer, withCanary } from "../core/sampling/probe.ts";
import type { ProbedLane, WantedProbe } from "../core/sampling/writes.ts";
import type { ProbeAnswer, ProbeRequest, ProbeSender } from "./probe-sender.ts";

export interface Found {
  readonly state: "passed" | "failed" | "unclear";
  /** For people; holds no header and no body. */
  readonly reason: string;
}

interface Means {
  readonly sender: ProbeSender;
  /** Where the baseline answers; in place of a `readUrl` that was not given. */
  readonly primaryUrl: string;
  /** Milliseconds on a clock that only goes forward. */
  now(): number;
  wait(ms: number): Promise<void>;
  /** 16 bytes by chance. */
  random(): Uint8Array;
}

const FIRST_GAP_MS = 100;
const MAX_GAP_MS = 1_000;
const SECOND_MS = 1_000;

/** The worst that one try takes: of each lane the write, the reads and the last of them. */
export const longestTryMs = ({ probe, lanes }: Pick<WantedProbe, "probe" | "lanes">, requestMs: number): number =>
  requestMs + lanes.length * (probe.watchSeconds * SECOND_MS + 4 * requestMs);

/** Writes a canary to each lane that would get writes, and looks for it at the baseline. What cannot tell is `unclear`, never passed. */
export const runProbe = async (wanted: WantedProbe, means: Means): Promise<Found> => {
  const { probe, lanes } = wanted;
  let reads = 0;
  for (const lane of lanes) {
    const found = await probeLane(lane, wanted, means);
    if (typeof found !== "number") return found;
    reads += found;
  }
  const { method, path } = probe.write;
  const who = lanes.map(({ lane }) => lane).join(" and ");
  const looks = `${reads} ${reads === 1 ? "look" : "looks"}, ${probe.watchSeconds} s`;
  return { state: "passed", reason: `what ${method} ${path} wrote to ${who} did not show at the baseline (${looks})` };
};

/** How often was looked, where it did not show. */
const probeLane = async (lane: ProbedLane, wanted: WantedProbe, means: Means): Promise<Found | number> => {
  const { probe, readUrl } = wanted;
  const { sender, primaryUrl, now, wait } = means;
  const canary = canaryOf(probe.canary, means.random());
  const holds = (text: string) => text.toLowerCase().includes(canary);
  const atBaseline = (request: ProbeRequest) => sender.toBaseline(readUrl ?? primaryUrl, request);
  const read = requestOf(probe.read, (text) => withCanary(text, canary));

  if (!needsAnswer(probe.read)) {
    const before = looked(await atBaseline(read), probe.read, "the baseline");
    if ("state" in before) return before;
    if (holds(before.text))
      return unclear(
        "the baseline's answer holds the canary before it is written: it repeats the request; read what lists or shows what was written",
      );
  }

  const written = await sender.toLane(
    lane,
    requestOf(probe.write, (text) => withCanary(text, canary)),
  );
  if ("failed" in written) return unclear(`the ${lane.lane} ${written.failed}: the canary was not written`);
  if (!isAccepted(written.status, probe.write.statuses, []))
    return unclear(`the ${lane.lane} answered the canary with ${written.status}: nothing was written that could show`);
  const path = withAnswer(read.path, written.body, encodeURIComponent);
  const body = withAnswer(read.body, written.body, (value) => JSON.stringify(value).slice(1, -1));
  if (path === undefined || body === undefined)
    return unclear(`the ${lane.lane}'s answer to the canary does not hold what {answer…} of the read names`);
  const look = { ...read, path, body };

  const mustShow = wanted.sideEffects === "isolated" && probe.visible;
  const startedAt = now();
  let hasShown = false;
  for (let looks = 1, gap = FIRST_GAP_MS; ; looks++, gap = Math.min(2 * gap, MAX_GAP_MS)) {
    const answer = await atBaseline(look);
    if ("status" in answer && holds(answer.text)) return failed(lane, canary, probe, answer.status);
    const seen = looked(answer, probe.read, "the baseline");
    if ("state" in seen) return seen;
    if (mustShow && !hasShown) {
      const own = await sender.toLane(lane, look);
      hasShown = "status" in own && holds(own.text);
    }
    const leftMs = startedAt + probe.watchSeconds * SECOND_MS - now();
    if (leftMs > 0) await wait(Math.min(gap, leftMs));
    else if (mustShow && !hasShown)
      return unclear(
        `the same read does not show the canary at the ${lane.lane} that it was written to: so it shows nothing at the baseline either`,
      );
    else return looks;
  }
};

const requestOf = (of: ProbeRequest, fill: (text: string) => string): ProbeRequest => ({
  method: of.method,
  path: fill(of.path),
  headers: Object.fromEntries(Object.entries(of.headers).map(([name, value]) => [name, fill(value)])),
  body: fill(of.body),
});

const isAccepted = (status: number, statuses: readonly number[] | undefined, others: readonly number[]): boolean =>
  statuses?.includes(status) ?? ((status >= 200 && status <= 299) || others.includes(status));

/** An answer that says something about what is there. */
const looked = (answer: ProbeAnswer, read: Probe["read"], who: string): Found | { readonly text: string } => {
  if ("failed" in answer) return unclear(`${who} ${answer.failed}: nobody could look for the canary`);
  const { status, text, body } = answer;
  if (!isAccepted(status, read.statuses, [404, 410])) return unclear(`${who} answered the read with ${status}`);
  if (read.shows !== undefined && !body.includes(read.shows))
    return unclear(`${who} answered the read (${status}) without what read.shows names`);
  return { text };
};

const unclear = (reason: string): Found => ({ state: "unclear", reason });

const failed = ({ lane }: ProbedLane, canary: string, { write, read }: Probe, status: number): Found => ({
  state: "failed",
  reason: `what ${write.method} ${write.path} wrote to the ${lane} shows at the baseline: ${read.method} ${read.path} answered ${status} with ${canary}. Remove it there, mend the overlay, begin a new run`,
});
