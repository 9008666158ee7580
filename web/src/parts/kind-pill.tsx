import type { Finding } from "../../api-shapes.js";
import { definedBy } from "./term.tsx";

/** How it differs; in the colour of what that means. */
export const KindPill = ({ finding }: { readonly finding: Pick<Finding, "kind" | "confirmed" | "breaking"> }) => {
  const { kind, confirmed, breaking } = finding;
  const word = confirmed ? (breaking ? "breaking" : "confirmed") : "not yet";
  return (
    <span class={`pill ${confirmed ? (breaking ? "bad" : "wait") : ""}`} {...definedBy(word)}>
      {kind}
    </span>
  );
};
