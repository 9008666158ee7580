import * as z from "zod";
import type { Deployment, Part } from "../deploy/deployment.ts";
import { Change } from "../sampling/changed-service.ts";
import { EcsPlace } from "../sampling/ecs-place.ts";
import { type Baseline, Name, type Overlay, Run } from "../sampling/environment.ts";
import { withPeers } from "../sampling/peers.ts";
import { VERDICTS } from "../verdict/verdict.ts";

export const RELEASE_PHASES = [
  "register",
  "update",
  "watch",
  "rollBack",
  "released",
  "rolledBack",
  "failed",
  "skipped",
] as const;
export type ReleasePhase = (typeof RELEASE_PHASES)[number];

/** One service of the baseline on its way to the overlay's image. */
export const ReleasePart = z.strictObject({
  service: Name,
  place: EcsPlace,
  change: Change,
  phase: z.enum(RELEASE_PHASES),
  /** When the phase began; milliseconds since 1970. */
  since: z.int(),
  /** Task definitions that it may take the place of: what was compared, and what the overlay released, or tried to, before. Any where left out. */
  over: z.array(z.string()).optional(),
  /** What the control overlay was made of, where that is another than the candidate was: noise of another version. */
  control: z.string().optional(),
  /** Task definitions: before, and the one that is released. */
  from: z.string().optional(),
  to: z.string().optional(),
  /** The service deployment in ECS that is watched. */
  rollout: z.string().optional(),
  /** How far it is, in the words of ECS. */
  status: z.string().optional(),
  reason: z.string().optional(),
  /** Why it does not go on at present. */
  note: z.string().optional(),
});
export type ReleasePart = z.infer<typeof ReleasePart>;

export const OUTCOMES = ["releasing", "released", "rolledBack", "failed"] as const;

/** What the release rests on: the verdict as it was. */
export const Evidence = z.strictObject({
  run: Run,
  verdict: z.enum(VERDICTS),
  reason: z.string(),
  pairs: z.int(),
  needed: z.int().nullable(),
  attempts: z.int(),
  tolerance: z.number(),
});
export type Evidence = z.infer<typeof Evidence>;

export const Release = z.strictObject({
  id: z.string().min(1),
  env: z.string().min(1),
  name: z.string(),
  baseline: z.string(),
  version: z.string(),
  who: z.string(),
  at: z.int(),
  evidence: Evidence,
  /** Why it was forced. */
  because: z.string().nullable(),
  parts: z.array(ReleasePart),
  /** One more at each write: of two that write the same step, one wins. */
  step: z.int().min(1),
  changedAt: z.int(),
});
export type Release = z.infer<typeof Release>;

const ENDED: ReadonlySet<ReleasePhase> = new Set(["released", "rolledBack", "failed", "skipped"]);

export const hasEnded = ({ phase }: ReleasePart): boolean => ENDED.has(phase);

export const outcomeOf = ({ parts }: Pick<Release, "parts">): (typeof OUTCOMES)[number] => {
  if (parts.some((part) => !hasEnded(part))) return "releasing";
  if (parts.every(({ phase }) => phase === "released")) return "released";
  return parts.some(({ phase }) => phase === "failed") ? "failed" : "rolledBack";
};

export interface ReleaseOf {
  readonly overlay: Overlay;
  readonly baseline: Baseline;
  /** What was compared. */
  readonly deployment: Deployment | undefined;
  /** The release of the same overlay before this one. */
  readonly before: Release | undefined;
}

/** The services whose image the overlay changes. What has a url is not run by us, so it is not released by us. */
export const releaseParts = ({ overlay, baseline, deployment, before }: ReleaseOf, now: number): ReleasePart[] =>
  Object.entries(overlay.file.services).flatMap(([service, { image, command, environment, cpu, memoryMiB }]) => {
    const place = baseline.file.services[service]?.ecs;
    if (place === undefined || image === undefined) return [];
    // The baseline's services call each other, not those of the overlay.
    const addressOf = (peer: string): string => baseline.file.services[peer]?.url ?? "";
    const variables = environment && withPeers(environment, addressOf);
    const change = { image, command, environment: variables, cpu, memoryMiB };
    // Of several generations the last one was compared.
    const madeOf = (lane: Part["lane"]) =>
      deployment?.parts.findLast((part) => part.service === service && part.lane === lane)?.madeOf;
    const [compared, control = compared] = [madeOf("candidate"), madeOf("secondary")];
    const tried = before?.parts.find((part) => part.service === service)?.to;
    const over = [compared, tried].filter((arn) => arn !== undefined);
    return [
      {
        service,
        place,
        change,
        phase: "register" as const,
        since: now,
        ...(compared === undefined ? {} : { over }),
        ...(control === compared ? {} : { control }),
      },
    ];
  });

const OTHERWISE = 'or release it all the same with `--force --because "why"`: that is recorded with your name';

/** Why it is not released; undefined where it may be. */
export const refusalOf = (name: string, { verdict, reason, needed }: Evidence): string | undefined => {
  if (verdict === "SAFE") return undefined;
  const next = {
    REGRESSION: `see \`shadowgraph env diffs ${name}\`, mend the overlay or allow what may differ by rules`,
    UNDECIDED: `${needed === null ? "more pairs" : `${needed} more pairs`} are needed: \`shadowgraph env verdict ${name} --wait 1h\``,
    INVALID: `mend what the reason names, then begin a new run: \`shadowgraph env shadow ${name} --enable --new-run\``,
  }[verdict];
  return `overlay "${name}" is ${verdict}, not SAFE: ${reason}. Next: ${next}; ${OTHERWISE}`;
};
