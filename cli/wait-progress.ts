import { ShadowgraphError } from "../core/errors.ts";
import type { Io } from "./io.ts";
import { clip } from "./render/text.ts";
import { CLEAR_LINE } from "./wait.ts";

const POLL_MS = 2_000;
/** What is deployed or released ends by itself long before. */
const MAX_WAIT_MS = 6 * 3_600_000;
/** An API that is away for so long is no reason to end. */
const MAX_AWAY_MS = 60_000;

/** Shows on stderr how it goes, a line at each change, until it has ended; undefined once it is not there any more. */
export const waitForEnd = async <T>(
  ask: () => Promise<T>,
  how: { readonly line: (now: T) => string; readonly hasEnded: (now: T) => boolean },
  io: Pick<Io, "err" | "isErrTerminal" | "columns" | "now" | "sleep">,
): Promise<T | undefined> => {
  const end = io.now() + MAX_WAIT_MS;
  let lastLine = "";
  let lastAnswerAt = io.now();
  for (;;) {
    const isLost = (error: unknown) => error instanceof ShadowgraphError && error.code === "not-found";
    const answer = await ask().then(
      (now) => ({ now }),
      (error: unknown) => {
        const isAway = error instanceof ShadowgraphError && error.code === "unavailable";
        if (isLost(error)) return "gone" as const;
        if (!isAway || io.now() - lastAnswerAt >= MAX_AWAY_MS) throw error;
        return undefined;
      },
    );
    if (answer === "gone") {
      if (io.isErrTerminal) io.err(CLEAR_LINE);
      return undefined;
    }
    if (answer !== undefined) {
      lastAnswerAt = io.now();
      const line = how.line(answer.now);
      if (how.hasEnded(answer.now) || io.now() >= end) {
        if (io.isErrTerminal) io.err(CLEAR_LINE);
        return answer.now;
      }
      if (io.isErrTerminal) io.err(`${CLEAR_LINE}${clip(line, io.columns - 1)}`);
      else if (line !== lastLine) io.err(`${line}\n`);
      lastLine = line;
    }
    await io.sleep(POLL_MS);
  }
};
