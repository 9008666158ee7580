import type { Verdict } from "../../api-shapes.js";
import { definedBy } from "./term.tsx";

export type VerdictName = Verdict["verdict"];

export const TONE = {
  SAFE: "good",
  REGRESSION: "bad",
  UNDECIDED: "wait",
  INVALID: "wait",
} as const satisfies Record<VerdictName, string>;

/** Told apart by shape as well as by colour. */
export const MARK = { SAFE: "✓", REGRESSION: "✕", UNDECIDED: "…", INVALID: "!" } as const satisfies Record<
  VerdictName,
  string
>;

export const VerdictPill = ({ verdict }: { readonly verdict: VerdictName }) => (
  <span class={`pill ${TONE[verdict]}`} {...definedBy(verdict)}>
    <span aria-hidden="true">{MARK[verdict]}</span> {verdict}
  </span>
);
