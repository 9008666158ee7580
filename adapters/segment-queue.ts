import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { bufferOf } from "../core/capture/buffer.ts";
import { ShadowgraphError } from "../core/errors.ts";
import type { Bucket } from "./bucket.ts";
import { calling } from "./fault.ts";
import { objectKeyOf } from "./key.ts";
import type { SegmentInbox, SegmentQueue } from "./ports.ts";

/** SQS takes 1 MiB a message; base64 makes 4 characters of 3 bytes, so 720 000 bytes become 960 000. */
export const maxInlineSegmentBytes = 720_000;

/** The client's own leaves room for a long poll; behind a send that hangs, segments wait. */
const SEND_TIMEOUT_MS = 5_000;

const Claim = z.strictObject({ claim: z.string().startsWith("claims/") });

/** `{` is no base64 character, so a claim check can never be taken for a segment, nor the other way round. */
export const createSegmentQueue = (sqs: SQSClient, queueUrl: string, bucket: Bucket): SegmentQueue & SegmentInbox => ({
  async send(segment, id) {
    let body = bufferOf(segment).toString("base64");
    if (segment.length > maxInlineSegmentBytes) {
      const claim = objectKeyOf("claims", id);
      await bucket.put(claim, segment);
      body = JSON.stringify({ claim });
    }
    const message = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body });
    await calling(`send segment ${id}`, () => sqs.send(message, { requestTimeout: SEND_TIMEOUT_MS }));
  },

  async open(body) {
    if (!body.startsWith("{")) return Buffer.from(body, "base64");
    const { claim } = readClaim(body);
    const bytes = await bucket.get(claim);
    if (bytes === undefined) throw new ShadowgraphError("not-found", `the object of the claim check ${claim} is gone`);
    return bytes;
  },
});

const readClaim = (body: string): z.infer<typeof Claim> => {
  try {
    return Claim.parse(JSON.parse(body));
  } catch (cause) {
    throw new ShadowgraphError("invalid-input", "the message is neither a segment nor a claim check", { cause });
  }
};
