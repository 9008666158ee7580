import type { ComponentChildren } from "preact";
import { number, visible } from "../../../core/report/text.ts";
import { ruleText } from "../../../core/report/words.ts";
import type { Rule } from "../../api-shapes.js";
import { Term } from "./term.tsx";

interface RuleLineProps {
  readonly rule: Rule;
  /** Left out where it is not applied yet. */
  readonly hits?: number;
  readonly note?: string | undefined;
  readonly isNew?: boolean;
  readonly isGone?: boolean;
  readonly children?: ComponentChildren;
}

/** What a rule does, where, why, and how often it was needed. */
export const RuleLine = ({ rule, hits, note, isNew = false, isGone = false, children }: RuleLineProps) => (
  <div class={`row rule ${isGone ? "gone" : ""}`}>
    <span class="where">
      <code>{visible(ruleText({ ...rule, hits: 0 }))}</code>{" "}
      <span class="soft">
        at {rule.endpoint === undefined ? "every endpoint" : <code>{visible(rule.endpoint)}</code>}
      </span>
    </span>
    {rule.because !== undefined && <span class="because">{visible(rule.because)}</span>}
    <span class="row-end rule-end">
      {isNew && <span class="pill wait">not applied yet</span>}
      {isGone && <span class="pill wait">to be taken away</span>}
      {hits !== undefined && (
        <span data-hits={hits}>
          <b>{number(hits)}</b> <Term word="hits" />
        </span>
      )}
      {children}
    </span>
    {note !== undefined && <p class="rule-note">{visible(note)}</p>}
  </div>
);
