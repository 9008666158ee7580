type Level = "info" | "warn" | "error";

/** One JSON line on stderr. Only what the tee itself knows: never a header value, a target or a body. */
export const log = (level: Level, message: string, about: Readonly<Record<string, unknown>> = {}): void => {
  const { error, ...rest } = about;
  const fault = error instanceof Error ? { error: error.name, reason: error.message } : {};
  process.stderr.write(`${JSON.stringify({ level, message, ...rest, ...fault })}\n`);
};

/** When nobody reads the log any more, its pipe is broken: that must never end, or occupy, a thread that serves callers. */
export const outliveLog = (): void => {
  process.stderr.on("error", () => {});
};
