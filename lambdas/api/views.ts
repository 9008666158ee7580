import { noteOf } from "../../core/rules/notes.ts";
import type { Baseline, Overlay, OverlayFile } from "../../core/sampling/environment.ts";
import type { LaneTarget } from "../../core/sampling/plan.ts";
import type { Judgement } from "./deps.ts";
import type { ShadowShape } from "./shapes.ts";

/** Stands for the value of a header set on a lane, which is often a credential. */
export const HIDDEN = "(hidden)";

const withoutSecrets = <T extends LaneTarget>(target: T): T => ({
  ...target,
  setHeaders: Object.fromEntries(Object.keys(target.setHeaders).map((name) => [name, HIDDEN])),
});

const fileView = (file: OverlayFile): OverlayFile => ({
  ...file,
  services: Object.fromEntries(
    Object.entries(file.services).map(([name, { secondary, ...target }]) => [
      name,
      {
        ...withoutSecrets(target),
        secondary: typeof secondary === "string" ? secondary : withoutSecrets(secondary),
      },
    ]),
  ),
});

export const overlayView = (overlay: Overlay): Overlay => ({ ...overlay, file: fileView(overlay.file) });

export const shadowView = ({ id, shadow, file, run }: Overlay): ShadowShape => ({
  env: id,
  enabled: shadow.enabled,
  percent: file.sampling.percent,
  run,
});

export const baselineRef = ({ id, file }: Baseline) => ({ id, name: file.name, version: file.version });

export const outcomesView = ({ accounting: { outcomes, inFlight, gap } }: Judgement) => ({
  ...outcomes,
  inFlight,
  gap: gap.pairs,
});

/** Where the lanes of each overlay service answer. */
export const lanesView = (overlay: Overlay, baseline: Baseline) =>
  Object.entries(overlay.file.services).map(([service, { url, secondary }]) => {
    const primary = baseline.file.services[service]?.url ?? "";
    return {
      service,
      primary: { url: primary },
      candidate: { url },
      secondary:
        typeof secondary === "string"
          ? { control: secondary, url: secondary === "baseline" ? primary : null }
          : { control: "control" as const, url: secondary.url },
    };
  });

/** A rule that does nothing, or hides everything, is pointed out. */
export const rulesView = ({ rules, verdict, recomparing }: Pick<Judgement, "rules" | "verdict" | "recomparing">) =>
  rules.map(({ rule, hits, empties }) => {
    const pairs = recomparing === undefined ? verdict.pairs : 0;
    const note = noteOf(rule, { hits, empties, pairs });
    return { ...rule, hits, ...(note === undefined ? {} : { note }) };
  });
