import { ShadowgraphError } from "../core/errors.ts";
import type { Io } from "./io.ts";
import { clip } from "./render/text.ts";
import { CLEAR_LINE } from "./wait.ts";

const BAR_COLUMNS = 24;
/** Where stderr is no terminal, a line now and then. */
const LINE_EVERY_MS = 10_000;
const PAUSE_MS = 2_000;
/** An API that is away for so long ends what is sent step by step. */
const MAX_AWAY_MS = 60_000;

type Means = Pick<Io, "err" | "isErrTerminal" | "columns" | "now" | "sleep" | "onInterrupt" | "exit">;

interface Steps<T> {
  readonly next: (now: T) => Promise<T>;
  readonly hasEnded: (now: T) => boolean;
  /** Milliseconds to wait before the next step. */
  readonly waitOf?: (now: T) => number;
  /** Share done, and what is said beside it. */
  readonly progress: (now: T) => { readonly share: number; readonly text: string };
}

export interface Stepped<T> {
  readonly now: T;
  /** By Ctrl-C: what was sent stands, nothing more is sent. */
  readonly isStopped: boolean;
}

/** Takes step after step, with progress on stderr, until all is done or Ctrl-C; a second Ctrl-C ends at once. */
export const takeSteps = async <T>(first: T, steps: Steps<T>, io: Means): Promise<Stepped<T>> => {
  const stopping = new AbortController();
  const off = io.onInterrupt(() => {
    if (stopping.signal.aborted) io.exit(130);
    stopping.abort();
  });
  let now = first;
  let [lastLineAt, lastAnswerAt] = [io.now(), io.now()];
  try {
    while (!steps.hasEnded(now) && !stopping.signal.aborted) {
      const line = progressLine(steps.progress(now));
      if (io.isErrTerminal) io.err(`${CLEAR_LINE}${clip(line, io.columns - 1)}`);
      else if (io.now() - lastLineAt >= LINE_EVERY_MS) {
        io.err(`${line}\n`);
        lastLineAt = io.now();
      }
      const waitMs = steps.waitOf?.(now) ?? 0;
      if (waitMs > 0) await io.sleep(waitMs, stopping.signal);
      if (stopping.signal.aborted) break;
      const next = await steps.next(now).catch((error: unknown) => {
        const isAway = error instanceof ShadowgraphError && error.code === "unavailable";
        if (!isAway || io.now() - lastAnswerAt >= MAX_AWAY_MS) throw error;
      });
      if (next === undefined) await io.sleep(PAUSE_MS, stopping.signal);
      else [now, lastAnswerAt] = [next, io.now()];
    }
    return { now, isStopped: !steps.hasEnded(now) };
  } finally {
    off();
    if (io.isErrTerminal) io.err(CLEAR_LINE);
  }
};

const progressLine = ({ share, text }: ReturnType<Steps<unknown>["progress"]>): string => {
  const full = Math.round(BAR_COLUMNS * Math.min(1, Math.max(0, share)));
  return `${"█".repeat(full)}${"░".repeat(BAR_COLUMNS - full)} ${text}`;
};
