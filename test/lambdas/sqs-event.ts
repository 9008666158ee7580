import type { SQSEvent, SQSRecord } from "aws-lambda";

/** A batch of first deliveries with the ids m0, m1 and so on. */
export const eventOf = (...bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map(
    (body, i) => ({ messageId: `m${i}`, body, attributes: { ApproximateReceiveCount: "1" } }) as SQSRecord,
  ),
});
