import { type ErrorCode, ShadowgraphError } from "../core/errors.ts";

/** Names of SDK errors that no waiting will cure: a wrong name, a missing right, a malformed call. */
const LASTING =
  /AccessDenied|NotAuthorized|Validation|NoSuchBucket|ResourceNotFound|NonExistentQueue|QueueDoesNotExist/;

/** What an AWS call threw, as our own error with the cause kept. Retrying is the SDK's: what arrives here has been retried. */
export const faultOf = (cause: unknown, doing: string): ShadowgraphError => {
  if (cause instanceof ShadowgraphError) return cause;
  const { name, message } = cause instanceof Error ? cause : { name: typeof cause, message: String(cause) };
  return new ShadowgraphError(LASTING.test(name) ? "internal" : "unavailable", `${doing}: ${name}: ${message}`, {
    cause,
  });
};

/** Runs one AWS call; `doing` names it in the error, such as "read overlays". */
export const calling = async <T>(doing: string, call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (cause) {
    throw faultOf(cause, doing);
  }
};

export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

export const isShadowgraphError = (error: unknown, code: ErrorCode): boolean =>
  error instanceof ShadowgraphError && error.code === code;
