import type { AuditEntry, Ports } from "../../adapters/ports.ts";
import { type Baseline, type Overlay, writeCaseOf } from "../../core/sampling/environment.ts";
import { type ProbeRecord, recordOf, wantedProbe, writesOf } from "../../core/sampling/writes.ts";
import type { WritesShape } from "./shapes-lanes.ts";

/** What becomes of writes, service by service: as the plan of their tees says it. */
export const readWrites = async (
  overlay: Overlay,
  baseline: Baseline,
  { probes }: Pick<Ports, "probes">,
): Promise<WritesShape[]> => {
  const { sideEffects, services } = overlay.file;
  const isProbed = Object.values(services).some(({ probe }) => probe !== undefined);
  const records = sideEffects !== "none" && isProbed ? await probes.of(overlay.id, overlay.run.id) : [];
  return Object.keys(services).map((service) => viewOf(service, overlay, baseline, records));
};

const viewOf = (
  service: string,
  overlay: Overlay,
  baseline: Baseline,
  records: readonly ProbeRecord[],
): WritesShape => {
  const { sideEffects } = overlay.file;
  const writes = writeCaseOf(baseline, overlay, service);
  if (writes === undefined) {
    const reason = "it is not deployed yet";
    return { service, sideEffects, mirrored: false, state: "waiting", reason, probe: null };
  }
  const { state, reason } = writesOf(writes, records);
  const wanted = wantedProbe(writes);
  const record = wanted === undefined ? undefined : recordOf(wanted, records);
  return { service, sideEffects, mirrored: state === "mirrored", state, reason, probe: probeView(record) };
};

const probeView = (record: ProbeRecord | undefined): WritesShape["probe"] => {
  if (record === undefined) return null;
  const { tee, at, tries, state, nextAt } = record;
  return { tee, at, tries, nextAt: state === "unclear" ? nextAt : null };
};

/** Writes that callers sent in the present run and that were not mirrored, as far as tees have told. */
export const deniedWrites = async ({ id, run, baseline }: Overlay, { tees }: Pick<Ports, "tees">): Promise<number> => {
  const beats = await tees.heartbeats(baseline);
  return beats.reduce((sum, beat) => sum + (beat.deniedWrites?.[`${id}/${run.id}`] ?? 0), 0);
};

/** Who changed what of an environment, what tees probed among it, in order of time. */
export const auditEntries = async (
  env: string,
  { audit, probes }: Pick<Ports, "audit" | "probes">,
): Promise<readonly AuditEntry[]> => {
  const [entries, records] = await Promise.all([audit.entries(env), probes.of(env)]);
  const probed = records.map(({ tee, at, state, reason, ...record }) => ({
    at,
    id: `probe-${record.run}-${record.service}-${record.key}`,
    who: `tee ${tee}`,
    what: "environment.probe",
    before: { state: "waiting" },
    after: { state, reason, ...record },
  }));
  return [...entries, ...probed].toSorted((a, b) => a.at - b.at);
};
