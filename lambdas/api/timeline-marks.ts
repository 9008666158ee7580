import type { AuditEntry, Ports } from "../../adapters/ports.ts";
import type { Overlay, Run } from "../../core/sampling/environment.ts";
import type { MARKS, TimelineShape } from "./shapes-runs.ts";

const MAX_MARKS = 200;

type Mark = TimelineShape["marks"][number];

/** What changed between two times, both included: runs, verdicts, and what people did. */
export const marksOf = async (
  { id }: Overlay,
  runs: readonly Run[],
  { from, to }: { readonly from: number; readonly to: number },
  { audit, verdicts }: Pick<Ports, "audit" | "verdicts">,
): Promise<Mark[]> => {
  const [entries, history] = await Promise.all([audit.entries(id, { from, to }), verdicts.history(id)]);
  const told = history.map(({ at, verdict, reason }) => markOf(at, "verdict", `${verdict}: ${reason}`));
  return [...runs.map(runMark), ...told, ...entries.flatMap(changeMark)]
    .filter(({ at }) => at >= from && at <= to)
    .sort((a, b) => a.at - b.at)
    .slice(-MAX_MARKS);
};

const markOf = (at: number, kind: (typeof MARKS)[number], text: string, who: string | null = null): Mark => ({
  at,
  kind,
  text,
  who,
});

const runMark = ({ id, attempt, startedAt, baselineVersion, candidateVersion }: Run): Mark =>
  markOf(startedAt, "run", `attempt ${attempt}, run ${id}: ${candidateVersion} against ${baselineVersion}`);

/** Entries are read as what they were when they were written: any field may be missing. */
const changeMark = ({ begun, ...entry }: AuditEntry): Mark[] =>
  doneMark(entry).map((mark) =>
    begun ? { ...mark, text: `${mark.text} (begun; whether it came to pass is not noted)` } : mark,
  );

const doneMark = ({ at, who, what, before, after }: AuditEntry): Mark[] => {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  switch (what) {
    case "environment.shadow": {
      if (old.enabled === fresh.enabled && old.percent === fresh.percent) return [];
      return [markOf(at, "shadow", fresh.enabled === true ? `mirroring ${fresh.percent} %` : "mirroring off", who)];
    }
    case "environment.rules":
      return [markOf(at, "rules", `rules, version ${fresh.version}`, who)];
    case "overlay.replace":
      return [markOf(at, "overlay", "overlay.yaml changed", who)];
    case "overlay.release":
      return [markOf(at, "release", `released ${fresh.version}`, who)];
    default:
      return [];
  }
};

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
