import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { SignatureV4 } from "@smithy/signature-v4";
import * as z from "zod";
import { ShadowgraphError } from "../core/errors.ts";
import { LaneTarget } from "../core/sampling/plan.ts";
import { BaselineRedaction } from "../core/sampling/redaction.ts";
import { Sha256 } from "./sha256.ts";

/** What comes back of so many, with bodies, fits into the answer of a function. */
export const MAX_RESENT = 100;
/** The latest that a request may be sent, and the latest that all answers are there. */
export const MAX_AFTER_MS = 10_000;
export const ANSWER_WITHIN_MS = 8_000;

/** Requests to be sent again, with all hidden values in them: it is never stored, and never written anywhere. */
export const ResendTask = z.strictObject({
  candidate: LaneTarget,
  control: LaneTarget,
  requests: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        /** When to send it, from the beginning on. */
        afterMs: z.number().min(0).max(MAX_AFTER_MS),
        method: z.string(),
        target: z.string(),
        headers: z.array(z.tuple([z.string(), z.string()])),
        body: z.base64(),
      }),
    )
    .max(MAX_RESENT),
  /** Values that must not be seen in what comes back, wherever the services echo them. */
  hidden: z.array(z.string()),
  /** What is declared secret of baseline and overlay, beyond the defaults. */
  redact: BaselineRedaction.optional(),
  /** Also what is equal in both lanes. */
  keepsEqual: z.boolean(),
});
export type ResendTask = z.infer<typeof ResendTask>;

export const Resent = z.strictObject({
  /** A segment of all pairs: `primary` and `secondary` are two answers of the control, redacted as a tee redacts. */
  segment: z.base64(),
  /** Requests of which there is no pair: the control did not answer, or an answer was larger than is compared. */
  unanswered: z.array(
    z.strictObject({ id: z.string(), because: z.enum(["timeout", "refused", "reset", "invalid", "tooLarge"]) }),
  ),
});
export type Resent = z.infer<typeof Resent>;

/** Sends requests to candidate and control, from where both can be reached. */
export interface Resender {
  /** Its copies carry the signed marks of the tees' own; else whoever honours nothing but signed marks does not honour them. */
  readonly signsAsTees: boolean;
  /** @throws ShadowgraphError "unavailable" where nothing could be sent */
  send(task: ResendTask): Promise<Resent>;
}

const INVOKE_WITHIN_MS = 25_000;

interface Function {
  readonly name: string;
  readonly region: string;
  /** In place of the regional one. */
  readonly endpoint?: string | undefined;
}

/**
 * A function in the network of the tees, called and waited for: what it is given goes through memory alone, never through a queue.
 * By hand, since one call is no reason for one more client.
 */
export const createFunctionResender = (
  { name, region, endpoint = `https://lambda.${region}.amazonaws.com` }: Function,
  credentials = defaultProvider(),
  send: typeof fetch = fetch,
): Resender => {
  const signer = new SignatureV4({ service: "lambda", region, sha256: Sha256, credentials });
  const url = new URL(`${endpoint}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`);
  return {
    // The key of the marks is a secret of the tees.
    signsAsTees: false,
    async send(task) {
      const body = JSON.stringify(task);
      try {
        const signed = await signer.sign({
          method: "POST",
          protocol: url.protocol,
          hostname: url.hostname,
          path: url.pathname,
          headers: { host: url.host, "content-type": "application/json" },
          body,
        });
        const { host: _host, ...headers } = signed.headers;
        const signal = AbortSignal.timeout(INVOKE_WITHIN_MS);
        const response = await send(url, { method: "POST", headers, body, signal });
        const fault = response.ok ? response.headers.get("x-amz-function-error") : `status ${response.status}`;
        if (fault === null) return Resent.parse(await response.json());
        throw new Error(`it answered with ${fault}`);
      } catch (cause) {
        // Not the cause's own text: it may hold what was sent.
        const why =
          cause instanceof Error && cause.message.startsWith("it answered") ? cause.message : "it did not answer";
        throw new ShadowgraphError("unavailable", `the function that sends requests again cannot be used: ${why}`);
      }
    },
  };
};
