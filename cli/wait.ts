import { ShadowgraphError } from "../core/errors.ts";
import type { EnvVerdictShape } from "../lambdas/api/shapes.ts";
import type { Io } from "./io.ts";
import { clip } from "./render/text.ts";
import { progressText } from "./render/verdict.ts";

const POLL_MS = 2_000;
/** A candidate may still be starting, a segment still be late: only an INVALID that stands so long is final. */
const INVALID_STANDS_MS = 30_000;
/** Where stderr is no terminal, a line now and then. */
const LINE_EVERY_MS = 60_000;
/** An API that is away for so long while a job waits is no reason to end it. */
const MAX_AWAY_MS = 60_000;

/** Asks until the verdict is SAFE or REGRESSION, INVALID has stood for a while, or the time is over. */
export const waitForVerdict = async (
  ask: () => Promise<EnvVerdictShape>,
  waitMs: number,
  io: Pick<Io, "err" | "isErrTerminal" | "columns" | "now" | "sleep">,
): Promise<EnvVerdictShape> => {
  const end = io.now() + waitMs;
  let invalidSince: number | undefined;
  let lastLineAt = Number.NEGATIVE_INFINITY;
  let lastAnswerAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    const verdict = await ask().catch((error: unknown) => {
      if (!isAway(error) || io.now() - lastAnswerAt >= MAX_AWAY_MS) throw error;
    });
    if (verdict === undefined) {
      await io.sleep(POLL_MS);
      continue;
    }
    const now = io.now();
    lastAnswerAt = now;
    invalidSince = verdict.verdict === "INVALID" ? (invalidSince ?? now) : undefined;
    const isInvalidFinal = invalidSince !== undefined && now - invalidSince >= INVALID_STANDS_MS;
    const isFinal = verdict.verdict === "SAFE" || verdict.verdict === "REGRESSION" || isInvalidFinal;
    if (isFinal || now >= end) {
      if (io.isErrTerminal && waitMs > 0) io.err(CLEAR_LINE);
      return verdict;
    }
    if (io.isErrTerminal) io.err(`${CLEAR_LINE}${clip(progressText(verdict), io.columns - 1)}`);
    else if (now - lastLineAt >= LINE_EVERY_MS) {
      io.err(`${progressText(verdict)}\n`);
      lastLineAt = now;
    }
    await io.sleep(Math.min(POLL_MS, end - now));
  }
};

const isAway = (error: unknown): boolean => error instanceof ShadowgraphError && error.code === "unavailable";

/** ECMA-48: back to the first column, erase the line. */
export const CLEAR_LINE = "\r\u001b[2K";
