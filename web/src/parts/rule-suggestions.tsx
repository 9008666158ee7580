import { useEffect, useState } from "preact/hooks";
import { number, plural, visible } from "../../../core/report/text.ts";
import { ruleText } from "../../../core/report/words.ts";
import type { Rule, RulesSuggested } from "../../api-shapes.js";
import { ApiFault } from "../api.ts";
import type { Live } from "../live.ts";
import { useStore } from "../live.ts";
import { RuleLine } from "./rule-line.tsx";
import { Empty, Shown } from "./states.tsx";

type Suggestion = RulesSuggested["suggestions"][number];

interface SuggestionsProps {
  readonly env: string;
  /** Of the present rules: others are suggested beside others. */
  readonly version: number;
  readonly isDrafted: (rule: Rule) => boolean;
  readonly onAdd: (rule: Rule) => void;
}

/** Rules that what was seen speaks for, each with what it is. None is ever applied by itself. */
export const Suggestions = ({ env, version, isDrafted, onAdd }: SuggestionsProps) => {
  const { live, look } = useSuggestions(env, version);
  return (
    <section aria-labelledby="suggestions">
      <div class="head-line">
        <h2 id="suggestions">
          Suggestions <small>{live.data === undefined ? "" : number(live.data.suggestions.length)}</small>
        </h2>
        <button type="button" class="button small" onClick={look}>
          Look again
        </button>
      </div>
      <Shown live={live} what="The suggestions" lines={4}>
        {({ suggestions }) =>
          suggestions.length === 0 ? (
            <Empty title="Nothing speaks for a rule">
              <p>Suggested are places that look like ids, times or tokens, and lists whose items have a key.</p>
            </Empty>
          ) : (
            <ul class="card rows">
              {suggestions.map((one) => (
                <li key={JSON.stringify(one.rule)}>
                  <SuggestionRow suggestion={one} isDrafted={isDrafted(one.rule)} onAdd={() => onAdd(one.rule)} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </section>
  );
};

interface SuggestionRowProps {
  readonly suggestion: Suggestion;
  readonly isDrafted: boolean;
  readonly onAdd: () => void;
}

const SuggestionRow = ({ suggestion, isDrafted, onAdd }: SuggestionRowProps) => {
  const { rule, evidence, warning, pairs, examples } = suggestion;
  const [example] = examples;
  const label = isDrafted ? "Tried" : "Try it";
  return (
    <>
      <RuleLine rule={rule} note={warning}>
        <button
          type="button"
          class="button small"
          disabled={isDrafted}
          onClick={onAdd}
          aria-label={`${label}: ${ruleText({ ...rule, hits: 0 })}`}
        >
          {label}
        </button>
      </RuleLine>
      <p class="speaks soft">
        {visible(evidence)}; {plural(pairs, "pair")}
        {example !== undefined && (
          <>
            , such as <code>{visible(example.primary)}</code>{" "}
            <span role="img" aria-label="became">
              →
            </span>{" "}
            <code>{visible(example.candidate)}</code>
          </>
        )}
      </p>
    </>
  );
};

/** Asked once for each version of the rules: pairs of the archive are looked through for it. */
const useSuggestions = (env: string, version: number) => {
  const { api } = useStore();
  const [live, setLive] = useState<Live<RulesSuggested>>({ data: undefined, fault: undefined });
  const [looks, setLooks] = useState(0);
  useEffect(() => {
    let isOld = false;
    api.call("GET /environments/{id}/rules/suggestions", { params: { id: env } }).then(
      (data) => !isOld && setLive({ data, fault: undefined }),
      (error) => !isOld && error instanceof ApiFault && setLive((before) => ({ ...before, fault: error })),
    );
    return () => {
      isOld = true;
    };
  }, [api, env, version, looks]);
  return { live, look: () => setLooks(looks + 1) };
};
