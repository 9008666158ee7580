import * as z from "zod";
import { shapes } from "./shapes.ts";
import { ResendLanesShape } from "./shapes-recheck.ts";
import { FindingShape } from "./shapes-verdict.ts";

/** What becomes of the requests that the run compared in the window: `ready` can be sent; the others say why not. */
export const WindowCountsShape = z.strictObject({
  ready: z.int(),
  /** Over the bound of what is sent of one minute. */
  beyond: z.int(),
  /** Their answers were all the same: nothing is kept of such requests. */
  notStored: z.int(),
  bodyNotStored: z.int(),
  hidden: z.int(),
  writes: z.int(),
});

export const ReplayShape = z.strictObject({
  id: z.string(),
  env: z.string(),
  run: z.string(),
  at: z.int(),
  who: z.string(),
  lanes: ResendLanesShape,
  from: z.int(),
  to: z.int(),
  speed: z.number(),
  rate: z.number(),
  dryRun: z.boolean(),
  phase: z.enum(["counting", "sending", "ended"]),
  /** Requests that the run compared in the window, as far as they are counted. */
  requests: z.int(),
  counts: WindowCountsShape,
  /** Names of hidden values, with how many requests lack them. */
  missing: z.record(z.string(), z.int()),
  /** Objects of the archive that were not read, of minutes with more of them than can be. */
  unreadObjects: z.int(),
  sent: z.int(),
  unanswered: z.int(),
  /** Until the next request is due: continue no sooner. */
  waitMs: z.int(),
  endpoints: z.array(
    z.strictObject({
      endpoint: z.string(),
      pairs: z.int(),
      /** In which the candidate differs at a place that is not noise. */
      diverging: z.int(),
      candidateFailed: z.int(),
    }),
  ),
  /** `known`: the run has it as well. */
  findings: z.array(z.strictObject({ ...FindingShape.shape, known: z.boolean() })),
  total: z.int(),
});
shapes.add(ReplayShape, { id: "Replay" });
export type ReplayShape = z.infer<typeof ReplayShape>;
