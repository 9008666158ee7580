import { hasEnded, type Release, type ReleasePart, type ReleasePhase } from "./release.ts";

export type ReleaseCall = "register" | "update" | "watch" | "rollBack";

/** What came of a call. */
export type ReleaseSeen =
  | { readonly saw: "registered"; readonly from: string; readonly to: string }
  | { readonly saw: "updated" }
  | {
      readonly saw: "rollout";
      readonly arn: string;
      readonly status: string;
      readonly stage?: string;
      readonly reason?: string;
    }
  | { readonly saw: "busy"; readonly because: string }
  | { readonly saw: "refused"; readonly reason: string };

const CALLS: Readonly<Record<ReleasePhase, ReleaseCall | undefined>> = {
  register: "register",
  update: "update",
  watch: "watch",
  rollBack: "rollBack",
  released: undefined,
  rolledBack: undefined,
  failed: undefined,
  skipped: undefined,
};

/** One service after the other: one that is rolled back keeps the next from beginning. */
export const nextReleaseCall = ({
  parts,
}: Release): { readonly part: ReleasePart; readonly call: ReleaseCall } | undefined => {
  const part = parts.find((one) => !hasEnded(one));
  const call = part && CALLS[part.phase];
  return part && call && { part, call };
};

/** Beyond its bake times: for tasks to start, to shift and to end. */
const SLACK_MS = 60 * 60_000;
const MINUTE_MS = 60_000;
const FULL_PERCENT = 100;

/** Where nothing but time would end it, such as tasks that never start: then it is rolled back. */
const maxMs = ({ place: { release } }: ReleasePart): number => {
  const steps = release.strategy === "linear" ? Math.ceil(FULL_PERCENT / release.percent) : 1;
  return steps * release.bakeMinutes * MINUTE_MS + SLACK_MS;
};

export interface Advanced {
  readonly part: ReleasePart;
  readonly waits: boolean;
}

export const advanceRelease = (part: ReleasePart, seen: ReleaseSeen, now: number): Advanced => {
  const { note: _note, ...rest } = part;
  const go = (phase: ReleasePhase, more: Partial<ReleasePart> = {}): Advanced => ({
    part: { ...rest, ...more, phase, since: now },
    waits: false,
  });
  const isLate = part.phase === "watch" && now - part.since > maxMs(part);
  switch (seen.saw) {
    case "busy":
      return { part: { ...rest, note: seen.because }, waits: true };
    case "refused":
      return go("failed", { reason: seen.reason });
    case "registered":
      return go("update", { from: seen.from, to: seen.to });
    case "updated":
      // Since the roll-back was asked for it is watched as long again.
      return go("watch");
    case "rollout": {
      const status = seen.stage === undefined ? seen.status : `${seen.status}: ${seen.stage}`;
      const more = { rollout: seen.arn, status, ...reasonsOf(part.reason, seen.reason) };
      const end = ENDS[seen.status];
      if (end !== undefined) return go(end, more);
      if (isLate && !seen.status.startsWith("ROLLBACK"))
        return go("rollBack", { ...more, reason: `not done within ${Math.round(maxMs(part) / MINUTE_MS)} minutes` });
      return { part: { ...rest, ...more }, waits: true };
    }
    default:
      return seen satisfies never;
  }
};

/** Why we had it rolled back stays beside what ECS says of it then. */
const reasonsOf = (known: string | undefined, said: string | undefined): { readonly reason?: string } => {
  if (said === undefined || known?.includes(said)) return {};
  return { reason: known === undefined ? said : `${known}; ${said}` };
};

/** Statuses of a service deployment that are final. */
const ENDS: Readonly<Record<string, ReleasePhase | undefined>> = {
  SUCCESSFUL: "released",
  ROLLBACK_SUCCESSFUL: "rolledBack",
  ROLLBACK_FAILED: "failed",
  STOPPED: "failed",
};

/** The release after a part changed; those behind one that ended badly are not begun. */
export const withReleasePart = (release: Release, part: ReleasePart, now: number): Release => {
  const isBad = part.phase === "rolledBack" || part.phase === "failed";
  const parts = release.parts.map((one) => {
    if (one.service === part.service) return part;
    if (!isBad || hasEnded(one)) return one;
    const reason = `not begun, since ${part.service} was not released`;
    return { ...one, phase: "skipped" as const, since: now, reason };
  });
  return { ...release, parts, step: release.step + 1, changedAt: now };
};
