import * as z from "zod";

/** What was seen of a declared read: in how many looks, and since when the candidate alone answers otherwise there. */
export const DriftReadShape = z.strictObject({
  read: z.string(),
  isVersion: z.boolean(),
  looks: z.int(),
  /** Looks in which a lane gave no answer to compare, and why in the last of them. */
  failed: z.int(),
  lastFailure: z.string().nullable(),
  agreed: z.int(),
  /** Milliseconds since 1970; null while it agrees. */
  since: z.int().nullable(),
  place: z.string().nullable(),
});
