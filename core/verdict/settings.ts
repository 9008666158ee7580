import * as z from "zod";

const share = z.number().gt(0).lt(1);

/** Every default of the verdict, in one place. Shares are fractions: 0.001 is 0.1 %. */
export const VerdictSettings = z.strictObject({
  /** Chance of any false confirmed finding in a run, over all places and all looks. */
  alphaAlarm: share.default(0.01),
  /** Chance of a wrong SAFE at a true divergence of `tolerance`. */
  alphaSafe: share.default(0.05),
  /** Δ: the share of diverging requests that is still called safe. */
  tolerance: share.default(0.001),
  maxMaskedShare: share.default(0.05),
  maxDropShare: share.default(0.01),
  /** Pairs that are lost between tee and facts, as a share of those sampled. */
  maxGapShare: share.default(0.001),
  /** Share of triples in which the secondary fails, or alone differs in status, above which A/A counts as unstable. */
  maxUnstableShare: share.default(0.05),
  /** Of each endpoint that was seen or is declared, and not accepted without. */
  minPairsPerEndpoint: z.int().min(1).default(30),
  /** Endpoints that need no pairs, as findings show them: `GET /orders/{id}`. */
  acceptedEndpoints: z.array(z.string().min(1).max(2_000)).max(1_000).default([]),
  /** Slower by no more than this share of the control's median, or by no more than a millisecond, is not slower. */
  latencyDeadBand: share.default(0.05),
});
export type VerdictSettings = z.infer<typeof VerdictSettings>;
