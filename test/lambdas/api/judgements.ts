import { emptyFacts } from "../../../core/noise/merge.ts";
import { noOutcomes } from "../../../core/pair/outcome.ts";
import type { EndpointVerdict, Finding, Verdict } from "../../../core/verdict/verdict.ts";
import type { Judgement, ReadJudgement } from "../../../lambdas/api/deps.ts";

/** What a judgement is made of in tests: findings at their places, and how many pairs were compared. */
export interface Scene {
  readonly pairs?: number;
  readonly findings?: readonly Finding[];
  readonly verdict?: Partial<Verdict>;
  readonly gap?: number;
  /** Asked at each reading: how far what is stored is compared anew. */
  readonly recomparing?: () => Judgement["recomparing"];
}

const idOf = (place: string): string => `f-${place.replaceAll(/\W/g, "-")}`;

export const finding = (place: string, over: Partial<Finding> = {}): Finding => ({
  id: idOf(place),
  endpoint: "GET /orders/{id}",
  place,
  kind: "value",
  count: 40,
  noise: 0,
  masked: 0,
  pairs: 400,
  evidence: 27.5,
  threshold: 5.1,
  confirmed: true,
  constantPerLane: false,
  breaking: false,
  note: null,
  group: over.id ?? idOf(place),
  signatures: 1,
  firstAt: 1_700_000_000_000,
  lastAt: 1_700_000_600_000,
  examples: [
    {
      pair: "tee-1-1",
      at: 1_700_000_000_000,
      request: "GET /orders/1?full=true",
      primary: "12.50",
      candidate: "12.5000001",
    },
  ],
  ...over,
});

export const endpointVerdict = (over: Partial<EndpointVerdict> = {}): EndpointVerdict => ({
  endpoint: "GET /orders/{id}",
  verdict: "UNDECIDED",
  reason: "30 pairs are needed",
  pairs: 400,
  triples: 400,
  diverging: 0,
  divergingBound: 0.007,
  findings: { confirmed: 0, total: 0 },
  undecided: 0,
  noise: 0,
  masked: 0,
  clusters: 7,
  divergingClusters: 0,
  latency: {
    primary: { p50: 1, p95: 2, p99: 3 },
    candidate: { p50: 1, p95: 2, p99: 3.5 },
    secondary: null,
    ratio: null,
  },
  ...over,
});

/**
 * Stands for the reading of stored facts: rules ignore the findings at their place, a confirmed finding is a REGRESSION,
 * enough pairs for the tolerance are SAFE.
 */
export const judgementsOf = (sceneOf: () => Scene): ReadJudgement => {
  return async (ports, overlay, options): Promise<Judgement> => {
    const scene = sceneOf();
    const { rules } = options.rules ?? (await ports.rules.rules(overlay.id));
    const all = scene.findings ?? [];
    const findings = all.filter(({ place }) => !rules.some(({ ignore }) => ignore === place));
    const confirmed = findings.filter((one) => one.confirmed).length;
    const pairs = scene.pairs ?? 0;
    const needed = Math.max(0, Math.ceil(3.756 / options.settings.tolerance) - pairs);
    const verdict = confirmed > 0 ? "REGRESSION" : needed === 0 ? "SAFE" : "UNDECIDED";
    const reason = { REGRESSION: `${confirmed} confirmed`, SAFE: "shown safe", UNDECIDED: `${needed} pairs needed` }[
      verdict
    ];
    const recomparing = scene.recomparing?.();
    return {
      ...(recomparing && { recomparing }),
      findings,
      facts: { ...emptyFacts(), control: "baseline" },
      accounting: {
        outcomes: { ...noOutcomes(), sampled: pairs, compared: pairs },
        inFlight: 0,
        gap: { pairs: scene.gap ?? 0, segmentsMissing: 0, tees: [] },
      },
      recent: { pairs, candidateFailed: 0 },
      rules: rules.map((rule) => ({
        rule,
        hits: all.filter(({ place }) => place === rule.ignore).reduce((sum, { count }) => sum + count, 0),
        empties: [],
      })),
      verdict: {
        verdict,
        reason,
        reasons: [reason],
        pairs,
        needed: verdict === "REGRESSION" ? null : needed,
        forecastSeconds: null,
        attempts: overlay.run.attempt,
        tolerance: options.settings.tolerance,
        diverging: 0,
        divergingBound: 0.01,
        maskedShare: 0,
        dropShare: 0,
        control: "baseline",
        findings: { confirmed, total: findings.length, groups: findings.length },
        endpoints: [endpointVerdict({ pairs })],
        ...scene.verdict,
      },
    };
  };
};
