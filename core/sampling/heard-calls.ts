import * as z from "zod";

/** A call to a collaborator, as a guard tells it: unredacted, so only to tees. */
export const ToldCall = z.object({
  to: z.string(),
  method: z.string(),
  target: z.string(),
  /** Content-Type. */
  type: z.string(),
  /** Base64 of its beginning, and the size and the SHA-256 of the whole. */
  body: z.string(),
  bytes: z.int().min(0),
  hash: z.string(),
});
export type ToldCall = z.infer<typeof ToldCall>;

/** What a guard answers to `POST /calls`, by the ids that were asked for; one of which nothing was heard is not in it. */
export const ToldCalls = z.object({
  calls: z.record(
    z.string(),
    z.object({
      primary: z.array(ToldCall),
      candidate: z.array(ToldCall),
      /** More than it keeps of one id were made. */
      isCut: z.boolean(),
      /** Milliseconds since the last of them. */
      quietMs: z.number(),
    }),
  ),
  /** Calls, as `payments POST /charges/{id}`, that came without an id of late, from either side: nothing can be said of any of that name. */
  unnamed: z.array(z.string()),
  /** Which sides called anything at all so far: of one that never did, it is not known whether it calls here. */
  heard: z.object({ primary: z.boolean(), candidate: z.boolean() }),
  /** All that was heard within so many milliseconds is known. */
  coversMs: z.number(),
});
export type ToldCalls = z.infer<typeof ToldCalls>;

export const MAX_ASKED_IDS = 5_000;

export const AskedIds = z.strictObject({ ids: z.array(z.string().max(300)).max(MAX_ASKED_IDS) });
