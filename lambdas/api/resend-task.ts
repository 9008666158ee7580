import type { ResendTask } from "../../adapters/resender.ts";
import type { Fill, WholeRequest } from "../../core/recheck/fill.ts";
import type { ResendLanes } from "./resend-lanes.ts";

interface Sent {
  readonly id: string;
  readonly afterMs: number;
  readonly request: WholeRequest;
}

export const taskOf = (
  asked: readonly Sent[],
  { candidate, control, redact }: ResendLanes,
  fill: Fill,
  keepsEqual: boolean,
): ResendTask => ({
  candidate,
  control,
  requests: asked.map(({ id, afterMs, request: { method, target, headers, body } }) => ({
    id,
    afterMs,
    method,
    target,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    body: Buffer.from(body).toString("base64"),
  })),
  hidden: Object.values(fill),
  redact,
  keepsEqual,
});
