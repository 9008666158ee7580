import * as z from "zod";
import { CONTROLS } from "../../core/capture/control.ts";
import { OutcomeCounts } from "../../core/pair/outcome.ts";
import { SIDE_EFFECTS, WRITE_STATES } from "../../core/sampling/plan.ts";

export const LanesShape = z.strictObject({
  service: z.string(),
  primary: z.strictObject({ url: z.string() }),
  candidate: z.strictObject({ url: z.string() }),
  secondary: z.strictObject({ control: z.enum(CONTROLS), url: z.string().nullable() }),
});

/** `inFlight`: sampled, not ended yet. `gap`: sampled, but neither ended nor in flight: lost between tee and facts. */
export const OutcomesShape = z.strictObject({ ...OutcomeCounts.shape, inFlight: z.int(), gap: z.int() });
export type OutcomesShape = z.infer<typeof OutcomesShape>;

/** A tee process that lost what it had sampled, and why. */
export const GapShape = z.strictObject({
  tee: z.string(),
  epoch: z.string(),
  pairs: z.int(),
  segmentsMissing: z.int(),
  reason: z.string(),
  isLowerBound: z.boolean(),
});

/** What becomes of the writes to one service of an overlay: mirrored, or denied for a reason. */
export const WritesShape = z.strictObject({
  service: z.string(),
  sideEffects: z.enum(SIDE_EFFECTS),
  mirrored: z.boolean(),
  state: z.enum(WRITE_STATES),
  reason: z.string(),
  /** Of the present run and declaration; null before a tee has taken it up. */
  probe: z
    .strictObject({
      /** The tee process that ran it, or runs it. */
      tee: z.string(),
      /** When it last changed; milliseconds since 1970. */
      at: z.int(),
      tries: z.int(),
      /** When an unclear one is tried again; null where it has ended. */
      nextAt: z.int().nullable(),
    })
    .nullable(),
});
export type WritesShape = z.infer<typeof WritesShape>;
