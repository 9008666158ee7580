import * as z from "zod";

/** Alarms are named by the cluster: with the longest name of a baseline that is 255 characters, and CloudWatch takes no more. */
const MAX_CLUSTER_CHARS = 188;
/** Descriptions of alarms hold it, and 1 024 characters. */
const MAX_URL_CHARS = 500;

const percent = (least: number) => z.number().min(least).max(100);

/** When people are told, of one baseline. Every default of the alarms, in one place. */
export const AlarmsShape = z.strictObject({
  /** Percent of an overlay's judged pairs that diverge, noise left out. */
  divergencePercent: percent(0.01).default(1),
  /** Percent of an overlay's sampled requests of which nobody knows what became; as `maxGapShare` of the verdict. */
  gapPercent: percent(0.01).default(0.1),
  /** Percent of the pairs of the last two minutes in which the candidate failed. */
  candidateFailedPercent: percent(1).default(50),
  /** Age of the oldest message that waits to be worked on. */
  oldestMessageSeconds: z.int().min(15).max(86_400).default(60),
  /** What a tee adds to a request and its answer, of the slowest hundredth. */
  addedLatencyMs: z.number().min(0.1).max(10_000).default(5),
  /** Percent of sampled requests that the tees let go of; as `maxDropShare` of the verdict. */
  dropPercent: percent(0.01).default(1),
  /** By how much the event loop of a tee is late, of the latest hundredth. */
  loopDelayMs: z.number().min(1).max(10_000).default(100),
  /** Percent of a task's memory that a tee holds. */
  teeMemoryPercent: percent(50).default(85),
  /** Requests that are mirrored within 24 hours, all services together. */
  requestsPerDay: z.int().min(1_000).max(1_000_000_000_000).default(10_000_000),
  /** Names of the ECS clusters that overlays run in: those under `ecs` in baseline.yaml. */
  overlayClusters: z
    .array(
      z
        .string()
        .regex(/^[\w-]+$/, "must be the name of an ECS cluster, not its ARN")
        .max(MAX_CLUSTER_CHARS, `must be at most ${MAX_CLUSTER_CHARS} characters: alarms are named by it`),
    )
    .max(10)
    .default([]),
  /** Percent of its memory, and of its CPU, that a service in those clusters uses. */
  overlayMemoryPercent: percent(10).default(85),
  overlayCpuPercent: percent(10).default(90),
  /** Where people read docs/runbook.md: alarms and the board link to its sections. */
  runbookUrl: z
    .url({ protocol: /^https$/, error: "must begin with https://" })
    .max(MAX_URL_CHARS, `must be at most ${MAX_URL_CHARS} characters`)
    .optional(),
});
export type AlarmsShape = z.infer<typeof AlarmsShape>;
/** As they are given: each that is left out has its default. */
export type AlarmThresholds = z.input<typeof AlarmsShape>;
