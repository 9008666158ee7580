import { constants, openSync, write } from "node:fs";
import { OUTCOMES } from "../core/pair/outcome.ts";
import { quantile } from "./histogram.ts";
import type { Readings } from "./readings.ts";

const EVERY_MS = 10_000;
const STDOUT = 1;

/** Kept by the second, where others are kept by the minute: what takes a tee out of the path is asked every ten seconds. */
const BY_THE_SECOND = { Unit: "Count", StorageResolution: 1 } as const;

/** What counts up is told as what was added since the last line. */
const METRICS = [
  { Name: "Alive", ...BY_THE_SECOND },
  { Name: "Requests", ...BY_THE_SECOND },
  { Name: "PrimaryErrors", ...BY_THE_SECOND },
  { Name: "Refusals", ...BY_THE_SECOND },
  { Name: "Sampled", Unit: "Count" },
  { Name: "Dropped", Unit: "Count" },
  { Name: "AddedLatencyP99", Unit: "Milliseconds" },
  { Name: "LoopDelayP99", Unit: "Milliseconds" },
  { Name: "Connections", Unit: "Count" },
  { Name: "CopyBytes", Unit: "Bytes" },
  { Name: "ResidentBytes", Unit: "Bytes" },
] as const;
/** Of all services together as well: what a day of mirroring costs is asked for a baseline, wherever its tees run. */
const OF_BASELINE = METRICS.filter(({ Name }) => Name === "Sampled");
type Figures = Readonly<Record<(typeof METRICS)[number]["Name"], number>>;

const Namespace = "Shadowgraph/Tee";
export const DIRECTIVES = [
  { Namespace, Dimensions: [["Baseline", "Service"]], Metrics: METRICS },
  { Namespace, Dimensions: [["Baseline"]], Metrics: OF_BASELINE },
] as const;

export interface EmfIdentity {
  readonly baseline: string;
  readonly service: string;
  readonly tee: string;
}

/** Counts so far, of which the next line tells what was added. */
interface Counted {
  readonly requests: number;
  readonly primaryErrors: number;
  readonly refusals: number;
  readonly sampled: number;
  readonly dropped: number;
  readonly added: readonly number[];
}

/** Neither captured nor a finding of its own: what the tee or its queue let go of. */
const DROPS = OUTCOMES.filter((outcome) => !["compared", "candidateFailed", "abortedByCaller"].includes(outcome));

const countedOf = ({ metrics, outcomes }: Readings): Counted => {
  const runs = Object.values(outcomes);
  return {
    requests: metrics.events.requests,
    primaryErrors: metrics.events.primaryFailed,
    refusals: metrics.events.refused,
    sampled: runs.reduce((sum, { sampled }) => sum + sampled, 0),
    dropped: runs.reduce((sum, counts) => sum + DROPS.reduce((of, drop) => of + counts[drop], 0), 0),
    added: [...metrics.requestAdded.counts].map((count, bucket) => count + metrics.answerAdded.counts[bucket]!),
  };
};

/** Makes one line of CloudWatch's embedded metric format after the other. */
export const emfLines = ({ baseline, service, tee }: EmfIdentity): ((readings: Readings, now: number) => string) => {
  let last: Counted = { requests: 0, primaryErrors: 0, refusals: 0, sampled: 0, dropped: 0, added: [] };
  return (readings, now) => {
    const counted = countedOf(readings);
    const figures: Figures = {
      Alive: 1,
      Requests: counted.requests - last.requests,
      PrimaryErrors: counted.primaryErrors - last.primaryErrors,
      Refusals: counted.refusals - last.refusals,
      Sampled: counted.sampled - last.sampled,
      Dropped: counted.dropped - last.dropped,
      AddedLatencyP99: quantile(
        counted.added.map((count, bucket) => count - (last.added[bucket] ?? 0)),
        0.99,
      ),
      LoopDelayP99: readings.loopDelay.p99Ms,
      Connections: readings.connections,
      CopyBytes: readings.copyBytes,
      ResidentBytes: readings.residentBytes,
    };
    last = counted;
    const about = { Baseline: baseline, Service: service, Tee: tee };
    return JSON.stringify({ _aws: { Timestamp: now, CloudWatchMetrics: DIRECTIVES }, ...about, ...figures });
  };
};

/**
 * A pipe is opened anew as one that is never waited for: a write that waits holds a thread, and with it the end of the process.
 * What cannot be opened so (a socket, a pipe of another user's) is written to as it is.
 */
const openStdout = (): number => {
  try {
    return openSync("/dev/stdout", constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK);
  } catch {
    return STDOUT;
  }
};

/**
 * A line on stdout every ten seconds. Not process.stdout: writing to a pipe that nobody reads would stop the thread that
 * serves callers. While the last line has not gone out there is no next one, and missing lines are an alarm.
 */
export const writeEmf = (who: EmfIdentity, read: () => Readings): void => {
  const lineOf = emfLines(who);
  const stdout = openStdout();
  let line: string | undefined;
  let isWriting = false;
  const tell = () => {
    if (isWriting) return;
    isWriting = true;
    line ??= `${lineOf(read(), Date.now())}\n`;
    write(stdout, line, (error) => {
      isWriting = false;
      if (error === null) line = undefined;
    });
  };
  tell();
  setInterval(tell, EVERY_MS).unref();
};
