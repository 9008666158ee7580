import * as z from "zod";
import { Rule } from "../../core/diff/rules.ts";
import { ERROR_CODES, type ErrorCode } from "../../core/errors.ts";
import { Address, Baseline, BaselineFile, OverlayFile, Run } from "../../core/sampling/environment.ts";
import { Percent } from "../../core/sampling/plan.ts";
import { VERDICTS } from "../../core/verdict/verdict.ts";
import { DeploymentShape, ReleaseShape as Released } from "./shapes-deployment.ts";
import { DriftReadShape } from "./shapes-drift.ts";
import { GapShape, LanesShape, OutcomesShape, WritesShape } from "./shapes-lanes.ts";
import { RulesPreview, RulesSuggested, RulesWithHits, RuleWithHits } from "./shapes-rules.ts";
import { EndpointVerdictShape, FindingShape, LatencyShape, QuantilesShape, VerdictShape } from "./shapes-verdict.ts";

/** What the API answers, by name: the source of the OpenAPI components and of the client's types. */
export const shapes = z.registry<{ id: string }>();
const named = <T extends z.ZodType>(id: string, shape: T): T => {
  shapes.add(shape, { id });
  return shape;
};

/** Milliseconds since 1970. */
const time = z.int();

named("Quantiles", QuantilesShape);
named("Latency", LatencyShape);
named("EndpointVerdict", EndpointVerdictShape);
named("Finding", FindingShape);
named("DriftRead", DriftReadShape);
named("Run", Run);
named("Rule", Rule);
named("Deployment", DeploymentShape);
named("Lanes", LanesShape);
named("Outcomes", OutcomesShape);
named("Gap", GapShape);
named("Writes", WritesShape);
export const ReleaseShape = named("Release", Released);
export type ReleaseShape = z.infer<typeof ReleaseShape>;
named("BaselineFile", BaselineFile);
named("OverlayFile", OverlayFile);

export const ProblemShape = named(
  "Problem",
  z.strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string(),
    faults: z.array(z.strictObject({ field: z.string(), message: z.string(), line: z.int().optional() })),
  }),
);

export const HealthShape = named("Health", z.strictObject({ status: z.literal("ok") }));

export const NoShape = named("Nothing", z.undefined());

export const BaselineShape = named(
  "Baseline",
  z.strictObject({
    id: z.string(),
    createdAt: time,
    file: BaselineFile,
    schemas: Baseline.shape.schemas,
  }),
);
export const BaselinesShape = named("Baselines", z.strictObject({ baselines: z.array(BaselineShape) }));

export const OverlayShape = named(
  "Overlay",
  z.strictObject({
    id: z.string(),
    baseline: z.string(),
    createdAt: time,
    file: OverlayFile,
    shadow: z.strictObject({ enabled: z.boolean() }),
    run: Run,
    addresses: z.record(z.string(), Address).optional(),
    revision: z.int(),
    /** Null where nothing is deployed for it. */
    deployment: DeploymentShape.nullable(),
    writes: z.array(WritesShape),
  }),
);
export type OverlayShape = z.infer<typeof OverlayShape>;
export const OverlaysShape = named("Overlays", z.strictObject({ overlays: z.array(OverlayShape) }));

export const EnvironmentRow = named(
  "EnvironmentRow",
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("baseline"), id: z.string(), name: z.string(), version: z.string() }),
    z.strictObject({
      kind: z.literal("overlay"),
      id: z.string(),
      name: z.string(),
      version: z.string(),
      baseline: z.string(),
      enabled: z.boolean(),
      attempts: z.int(),
      /** As last judged; null before the first judgement of this run. */
      verdict: z.enum(VERDICTS).nullable(),
    }),
  ]),
);
export type EnvironmentRow = z.infer<typeof EnvironmentRow>;
export const EnvironmentsShape = named("Environments", z.strictObject({ environments: z.array(EnvironmentRow) }));

export const ShadowShape = named(
  "Shadow",
  z.strictObject({ env: z.string(), enabled: z.boolean(), percent: Percent, run: Run, writes: z.array(WritesShape) }),
);
export type ShadowShape = z.infer<typeof ShadowShape>;

export const OverlayEnvironment = named(
  "OverlayEnvironment",
  z.strictObject({
    kind: z.literal("overlay"),
    id: z.string(),
    name: z.string(),
    baseline: z.strictObject({ id: z.string(), name: z.string(), version: z.string() }),
    createdAt: time,
    file: OverlayFile,
    shadow: z.strictObject({ enabled: z.boolean(), percent: Percent }),
    run: Run,
    attempts: z.int(),
    lanes: z.array(LanesShape),
    outcomes: OutcomesShape,
    gaps: z.array(GapShape),
    writes: z.array(WritesShape),
    /** Writes of this run that the baseline served and that were not mirrored. */
    deniedWrites: z.int(),
    /** Absent where the overlay declares no reads. */
    drift: z.array(DriftReadShape).optional(),
  }),
);
export type OverlayEnvironment = z.infer<typeof OverlayEnvironment>;

const BaselineEnvironment = named(
  "BaselineEnvironment",
  z.strictObject({
    kind: z.literal("baseline"),
    id: z.string(),
    name: z.string(),
    createdAt: time,
    file: BaselineFile,
    overlays: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  }),
);
export const EnvironmentShape = named(
  "Environment",
  z.discriminatedUnion("kind", [OverlayEnvironment, BaselineEnvironment]),
);
export type EnvironmentShape = z.infer<typeof EnvironmentShape>;

named("RuleWithHits", RuleWithHits);
export const RulesShape = named("RulesWithHits", RulesWithHits);
export type RulesShape = z.infer<typeof RulesShape>;
export const PreviewShape = named("RulesPreview", RulesPreview);
export type PreviewShape = z.infer<typeof PreviewShape>;
export const SuggestionsShape = named("RulesSuggested", RulesSuggested);
export type SuggestionsShape = z.infer<typeof SuggestionsShape>;

export const FindingsShape = named(
  "Findings",
  z.strictObject({ env: z.string(), run: z.string(), findings: z.array(FindingShape), total: z.int() }),
);
export type FindingsShape = z.infer<typeof FindingsShape>;

export const OneFindingShape = named(
  "OneFinding",
  z.strictObject({ env: z.string(), run: z.string(), finding: FindingShape }),
);

export const EnvVerdictShape = named(
  "Verdict",
  z.strictObject({ env: z.string(), run: z.string(), ...VerdictShape.shape }),
);
export type EnvVerdictShape = z.infer<typeof EnvVerdictShape>;

export const ReportShape = named(
  "Report",
  z.strictObject({
    env: z.string(),
    name: z.string(),
    at: time,
    baseline: z.strictObject({ id: z.string(), name: z.string(), version: z.string() }),
    run: Run,
    lanes: z.array(LanesShape),
    verdict: VerdictShape,
    /** Pairs in which the secondary alone differed somewhere. */
    noisy: z.int(),
    outcomes: OutcomesShape,
    /** The most telling ones of `total`. */
    findings: z.array(FindingShape),
    total: z.int(),
    rules: z.array(RuleWithHits),
  }),
);
export type ReportShape = z.infer<typeof ReportShape>;

export const AuditShape = named(
  "Audit",
  z.strictObject({
    entries: z.array(
      z.strictObject({
        at: time,
        id: z.string(),
        who: z.string(),
        what: z.string(),
        before: z.unknown(),
        after: z.unknown(),
        /** Noted before it was made, and its end was not: whether it came to pass shows in what is there. */
        begun: z.boolean(),
      }),
    ),
    total: z.int(),
  }),
);
export type AuditShape = z.infer<typeof AuditShape>;
