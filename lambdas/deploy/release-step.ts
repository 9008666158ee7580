import type { Ports } from "../../adapters/ports.ts";
import type { Releaser } from "../../adapters/releaser.ts";
import { advanceRelease, nextReleaseCall, withReleasePart } from "../../core/release/advance.ts";
import { outcomeOf, type Release } from "../../core/release/release.ts";

export interface Releasing {
  readonly ports: Pick<Ports, "audit" | "deployQueue" | "releases">;
  readonly releaser: Releaser;
  readonly lookSeconds: number;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Goes on with the latest release of an overlay until `deadline`, or until only waiting helps; as `deployStep` does. */
export const releaseStep = async (env: string, releasing: Releasing, deadline: number): Promise<void> => {
  const { ports, releaser, lookSeconds, now } = releasing;
  let release = await ports.releases.latest(env);
  while (release !== undefined) {
    const next = nextReleaseCall(release);
    if (next === undefined) return;
    if (now() >= deadline) return ports.deployQueue?.ask({ release: env });
    const seen = await releaser.perform(next.call, next.part, release);
    const { part, waits } = advanceRelease(next.part, seen, now());
    const after = withReleasePart(release, part, now());
    if (outcomeOf(after) !== "releasing") await noteOutcome(after, releasing);
    if (!(await ports.releases.put(after))) return;
    if (waits) return ports.deployQueue?.ask({ release: env }, lookSeconds);
    release = after;
  }
};

/** By the release's id: written twice, it is there once. */
const noteOutcome = async (release: Release, { ports }: Releasing): Promise<void> => {
  const parts = release.parts.map(({ service, phase, from, to, reason }) => ({ service, phase, from, to, reason }));
  const after = { outcome: outcomeOf(release), parts };
  const entry = { at: release.at, id: `${release.id}-outcome`, who: "shadowgraph", what: "overlay.release.outcome" };
  await ports.audit.append(release.env, { ...entry, before: { release: release.id }, after });
};

/** One that nobody has gone on with for so long lost its message. */
const SILENT_MS = 120_000;

export const isReleaseSilent = (release: Release, now: number): boolean => now - release.changedAt > SILENT_MS;
