import type { Catalog } from "../../adapters/ports.ts";
import { ShadowgraphError } from "../../core/errors.ts";
import type { Baseline, Overlay, OverlayFile } from "../../core/sampling/environment.ts";

export type Environment =
  | { readonly kind: "overlay"; readonly overlay: Overlay; readonly baseline: Baseline }
  | { readonly kind: "baseline"; readonly baseline: Baseline };

/** An overlay wins over a baseline of the same name: it is what most questions are about. @throws ShadowgraphError "not-found" */
export const environmentOf = async (catalog: Catalog, idOrName: string): Promise<Environment> => {
  const overlay = await foundOrNothing(catalog.overlay(idOrName));
  if (overlay) return { kind: "overlay", overlay, baseline: await catalog.baseline(overlay.baseline) };
  const baseline = await foundOrNothing(catalog.baseline(idOrName));
  if (baseline) return { kind: "baseline", baseline };
  throw new ShadowgraphError("not-found", `there is no environment "${idOrName}"`);
};

/** @throws ShadowgraphError "not-found", or "not-allowed" for a baseline: it has no run of its own */
export const overlayOf = async (
  catalog: Catalog,
  idOrName: string,
): Promise<{ readonly overlay: Overlay; readonly baseline: Baseline }> => {
  const environment = await environmentOf(catalog, idOrName);
  if (environment.kind === "overlay") return environment;
  throw new ShadowgraphError("not-allowed", `"${idOrName}" is a baseline: only an overlay is mirrored to and compared`);
};

const foundOrNothing = async <T>(looked: Promise<T>): Promise<T | undefined> => {
  try {
    return await looked;
  } catch (error) {
    if (error instanceof ShadowgraphError && error.code === "not-found") return undefined;
    throw error;
  }
};

const MAX_TRIES = 3;

/** Reads, changes and writes an overlay; begins anew when another change came between. @throws ShadowgraphError "conflict" */
export const changeOverlay = async (
  catalog: Catalog,
  idOrName: string,
  change: (overlay: Overlay, baseline: Baseline) => Overlay,
  beforeWriting: (before: Overlay, after: Overlay) => Promise<void> = async () => {},
): Promise<{ readonly before: Overlay; readonly after: Overlay }> => {
  for (let tries = 1; ; tries++) {
    const { overlay: before, baseline } = await overlayOf(catalog, idOrName);
    const wanted = change(before, baseline);
    await beforeWriting(before, wanted);
    try {
      const after = await catalog.putOverlay(wanted);
      if (after.run.id !== before.run.id) await catalog.recordRun(after.id, after.run);
      return { before, after };
    } catch (error) {
      const isRace = error instanceof ShadowgraphError && error.code === "conflict";
      if (!isRace || tries === MAX_TRIES) throw error;
    }
  }
};

/**
 * The overlay with a run that fits its versions: the present one goes on (switching off and on continues it), unless the
 * baseline's or the overlay's version changed, an overlay service moved, or a new run is asked for.
 */
export const withFittingRun = (
  before: Overlay,
  wanted: Overlay,
  baseline: Baseline,
  start: { readonly newRun: boolean; readonly id: () => string; readonly now: number },
): Overlay => {
  const { run } = before;
  const fits =
    run.baselineVersion === baseline.file.version &&
    run.candidateVersion === wanted.file.version &&
    isSameServices(before.file, wanted.file);
  if (fits && !start.newRun) return wanted;
  return { ...wanted, run: firstRun(baseline, wanted.file, start, run.attempt + 1) };
};

export const firstRun = (
  baseline: Baseline,
  file: OverlayFile,
  start: { readonly id: () => string; readonly now: number },
  attempt = 1,
) => ({
  id: start.id(),
  attempt,
  startedAt: start.now,
  baselineVersion: baseline.file.version,
  candidateVersion: file.version,
});

/** By meaning: the order of keys in the file does not make it another overlay. */
const isSameServices = (a: OverlayFile, b: OverlayFile): boolean => canonical(a.services) === canonical(b.services);

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
