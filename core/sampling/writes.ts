import { createHash } from "node:crypto";
import * as z from "zod";
import { isWrite, type LaneTarget, type PlanEntry, SIDE_EFFECTS, type Writes } from "./plan.ts";
import type { Probe } from "./probe.ts";

/** What is known of one probe. It is for one run and one declaration: `key` changes with all that the probe spoke to. */
export const ProbeRecord = z.strictObject({
  env: z.string().min(1),
  run: z.string().min(1),
  service: z.string().min(1),
  key: z.string().min(1),
  sideEffects: z.enum(SIDE_EFFECTS),
  /** `passed` and `failed` are for good; what is `unclear` is tried again. */
  state: z.enum(["probing", "passed", "failed", "unclear"]),
  reason: z.string(),
  /** The tee process that probes or probed. */
  tee: z.string().min(1),
  at: z.int(),
  /** From 1. */
  tries: z.int().min(1),
  /** Before that nobody tries again. Whoever probes is held to be dead by then. */
  nextAt: z.int(),
});
export type ProbeRecord = z.infer<typeof ProbeRecord>;

/** What decides whether writes reach the lanes of one service of an overlay. */
export interface WriteCase extends Pick<PlanEntry, "env" | "run" | "candidate" | "secondary" | "control" | "sampling"> {
  readonly service: string;
  readonly sideEffects: PlanEntry["sideEffects"];
  readonly probe: Probe | undefined;
  /** Where the baseline is looked at; of the service itself where undefined. */
  readonly readUrl: string | undefined;
}

/** A lane that would get writes. The baseline itself, asked once more, never does. */
export interface ProbedLane {
  readonly lane: "candidate" | "secondary";
  readonly target: LaneTarget;
}

/** A probe that must pass before writes are mirrored. */
export interface WantedProbe extends Pick<ProbeRecord, "env" | "run" | "service" | "key" | "sideEffects"> {
  readonly probe: Probe;
  readonly lanes: readonly ProbedLane[];
  readonly readUrl: string | undefined;
}

const mirrorsWrites = ({ sampling }: WriteCase): boolean => sampling.match.methods.some(isWrite);

/** Undefined where writes are not mirrored whatever a probe finds. */
export const wantedProbe = (of: WriteCase): WantedProbe | undefined => {
  const { env, run, service, sideEffects, probe, readUrl, candidate, secondary, control } = of;
  if (sideEffects === "none" || probe === undefined || !mirrorsWrites(of)) return undefined;
  const lanes: ProbedLane[] = [{ lane: "candidate", target: candidate }];
  if (control === "control" && secondary !== undefined) lanes.push({ lane: "secondary", target: secondary });
  const spokenTo = JSON.stringify([sideEffects, probe, lanes, readUrl]);
  const key = createHash("sha256").update(spokenTo).digest("hex").slice(0, 16);
  return { env, run, service, key, sideEffects, probe, lanes, readUrl };
};

export const recordOf = (wanted: WantedProbe, records: readonly ProbeRecord[]): ProbeRecord | undefined =>
  records.find(
    ({ env, run, service, key }) =>
      env === wanted.env && run === wanted.run && service === wanted.service && key === wanted.key,
  );

/** Nothing changes any more of what was found. */
export const hasEnded = ({ state }: ProbeRecord): boolean => state === "passed" || state === "failed";

/** What becomes of writes: they are denied unless a probe of this run and this declaration has passed. */
export const writesOf = (of: WriteCase, records: readonly ProbeRecord[]): Writes => {
  const { sideEffects, probe, service } = of;
  if (!mirrorsWrites(of)) return { state: "unlisted", reason: "sampling.match.methods lists no method that writes" };
  if (sideEffects === "none") return { state: "undeclared", reason: "sideEffects is none: nothing keeps them away" };
  const wanted = probe === undefined ? undefined : wantedProbe(of);
  if (wanted === undefined) {
    const reason = `sideEffects is ${sideEffects}, and nothing shows it: describe a probe under services.${service}.probe`;
    return { state: "unprobed", reason };
  }
  const record = recordOf(wanted, records);
  if (record === undefined)
    return { state: "waiting", reason: "the probe of this run has not run: a tee does it once mirroring is on" };
  return { state: record.state === "passed" ? "mirrored" : record.state, reason: record.reason };
};
