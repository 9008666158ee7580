import { plural, visible } from "../../../core/report/text.ts";
import { neededText, progressOf } from "../../../core/report/words.ts";
import type { Verdict } from "../../api-shapes.js";
import { useAnnounced } from "./announcer.tsx";
import { definedBy, Term } from "./term.tsx";
import { MARK, TONE } from "./verdict-pill.tsx";

/** The answer in large, its reason, and how far it is. */
export const VerdictCard = ({ verdict }: { readonly verdict: Verdict }) => {
  const { verdict: name, reason, reasons } = verdict;
  useAnnounced(`The verdict is ${name}: ${reason}`);
  const others = reasons.filter((other) => other !== reason);
  return (
    <section class={`card verdict ${TONE[name]}`} aria-label="Verdict">
      <h2 class="verdict-word" {...definedBy(name)}>
        <span class="verdict-mark" aria-hidden="true">
          {MARK[name]}
        </span>
        {name}
      </h2>
      <p class="verdict-reason">{visible(reason)}</p>
      <Decision verdict={verdict} />
      {others.length > 0 && (
        <details class="verdict-more">
          <summary>{plural(others.length, "more reason")}</summary>
          <ul>
            {others.map((other) => (
              <li key={other}>{visible(other)}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
};

/** Pairs so far of those needed. */
const Decision = ({ verdict: { pairs, needed, forecastSeconds } }: { readonly verdict: Verdict }) => {
  const { whole, label } = progressOf({ pairs, needed });
  return (
    <div class="decision">
      <progress aria-label="Progress to a decision" max={Math.max(1, whole)} value={pairs}>
        {label}
      </progress>
      <p>
        <b>{label}</b>
        <span class="soft">
          still <Term word="needed" />: {neededText({ needed, forecastSeconds })}
        </span>
      </p>
    </div>
  );
};
