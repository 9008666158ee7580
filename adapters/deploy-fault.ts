import type { Seen } from "../core/deploy/advance.ts";

/** Names under which AWS asks for patience. */
const BUSY =
  /Throttl|TooManyRequests|RequestLimitExceeded|ServerException|InternalFailure|InternalError|ServiceUnavailable|Timeout|UpdateInProgress|ConflictException|ResourceInUse/i;
/** As a client's fault, although the client has but to come again. */
const BUSY_WORDS = /Too many concurrent attempts|Rate exceeded/i;
/** What a connection that broke is called by Node, as a code. */
const BROKEN = /^E(?:CONN|PIPE|AI_AGAIN|HOSTUNREACH|NETUNREACH|TIMEDOUT)|^ENOTFOUND$|^EAI_AGAIN$/;

interface SdkError extends Error {
  readonly code?: string;
  /** Of every answer of AWS that is a fault. */
  readonly $fault?: "client" | "server";
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Is waiting a cure? What comes here was tried again by the SDK already. */
const isBusy = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { name, message, code = "", $metadata } = error as SdkError;
  return BUSY.test(name) || BUSY_WORDS.test(message) || BROKEN.test(code) || ($metadata?.httpStatusCode ?? 0) >= 500;
};

/** What a call threw, as something seen: patience, or a refusal. A fault of our own is neither. */
export const seenIn = (error: unknown, doing: string): Seen => {
  if (!(error instanceof Error)) throw error;
  const { name, message } = error;
  const isOfAws = isBusy(error) || (error as SdkError).$fault !== undefined || name === "EcsRefusal";
  if (!isOfAws) throw error;
  const said = `${doing}: ${name}: ${message}`;
  return isBusy(error) ? { saw: "busy", because: said } : { saw: "refused", reason: said };
};
