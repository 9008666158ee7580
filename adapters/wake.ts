import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { ShadowgraphError } from "../core/errors.ts";
import { calling } from "./fault.ts";
import { keyOf } from "./key.ts";
import type { Wake } from "./ports.ts";
import { ABSENT, type Table } from "./table.ts";

/** What the judge queue carries: whose minute has new facts. */
export const WakeMessage = z.strictObject({
  env: z.string().min(1),
  run: z.string().min(1),
  version: z.string().min(1),
  minute: z.int().min(0),
});
export type WakeMessage = z.infer<typeof WakeMessage>;

interface WakeOptions {
  readonly bucketMs: number;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * Many segments of one minute arrive together; judge needs waking once. The first to write the marker of the present
 * span of time (`bucketMs`, 1 s) sends the message; whoever finds the marker leaves it at that.
 *
 * No fact is left unjudged. Let a fact be written, then `judge` be called at time t, in the span [B, B + bucketMs).
 * - We wrote the marker: our message goes out after the fact was written, so judge reads it.
 * - The marker was there: its writer looked at its clock in the same span, so not before B, and sends a message that is
 *   held back for `delaySeconds` = bucketMs + 1 s, so it is seen at B + bucketMs + 1 s or later, when our fact, written
 *   before t < B + bucketMs, can be read (all reads are consistent). The spare second is for clocks that differ.
 * - Its writer died between marker and message: then it has not answered for its own batch either. SQS delivers that
 *   batch again, to be written again and to wake the same minutes, in a later span and so under another marker.
 * Judge looks at every enabled run now and then in any case (its schedule, the local tick).
 */
export const createWake = (table: Table, sqs: SQSClient, queueUrl: string, { bucketMs, now }: WakeOptions): Wake => ({
  async judge({ env, run, version }, minute) {
    const span = Math.floor(now() / bucketMs);
    const delaySeconds = Math.ceil(bucketMs / 1_000) + 1;
    const first = await table.put({
      pk: keyOf("WAKE", env, run, version, minute),
      sk: keyOf(bucketMs, span),
      value: null,
      condition: ABSENT,
      expiresAt: Math.ceil(((span + 1) * bucketMs) / 1_000) + 3_600,
    });
    if (!first) return;
    const message: WakeMessage = { env, run, version, minute };
    await calling(`wake judge for ${env}`, () =>
      sqs.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify(message),
          DelaySeconds: delaySeconds,
        }),
      ),
    );
  },
});

/** @throws ShadowgraphError "invalid-input" */
export const readWake = (body: string): WakeMessage => {
  try {
    return WakeMessage.parse(JSON.parse(body));
  } catch (cause) {
    throw new ShadowgraphError("invalid-input", "the message does not wake judge", { cause });
  }
};
