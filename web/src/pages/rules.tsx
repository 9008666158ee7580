import { useState } from "preact/hooks";
import { number, plural, visible } from "../../../core/report/text.ts";
import { ruleText } from "../../../core/report/words.ts";
import type { Rule, RulesWithHits } from "../../api-shapes.js";
import { useLive } from "../live.ts";
import type { PageProps } from "../page.ts";
import { RuleLine } from "../parts/rule-line.tsx";
import { Suggestions } from "../parts/rule-suggestions.tsx";
import { DraftPanel } from "../parts/rules-draft.tsx";
import { RulesText } from "../parts/rules-text.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { VerdictPill } from "../parts/verdict-pill.tsx";
import { hrefOf } from "../router.ts";
import { type Draft, isSameRule } from "../rules-draft.ts";

/** What may differ, how often it did, what else might, and what a change would do before it is made. */
export const RulesPage = ({ params }: PageProps) => {
  const id = params.id ?? "";
  const live = useLive("GET /environments/{id}/rules", { params: { id } });
  return (
    <Shown live={live} what="The rules" lines={6}>
      {(present) => <Rules env={id} present={present} />}
    </Shown>
  );
};

const Rules = ({ env, present }: { readonly env: string; readonly present: RulesWithHits }) => {
  const [draft, setDraft] = useState<Draft>();
  const stored = present.rules.map(({ hits: _hits, note: _note, ...rule }): Rule => rule);
  const rules = draft?.rules ?? stored;
  const edit = (edited: readonly Rule[]) => setDraft({ version: draft?.version ?? present.version, rules: edited });
  const isDrafted = (rule: Rule): boolean => rules.some((one) => isSameRule(one, rule));
  const added = rules.filter((rule) => !stored.some((one) => isSameRule(one, rule)));
  return (
    <>
      <Head present={present} />
      {present.rules.length === 0 && added.length === 0 ? (
        <Empty title="No rules yet">
          <p>
            Every difference counts. A <a href={hrefOf(["env", env, "findings"])}>finding</a> or a suggestion below can
            be made a rule.
          </p>
        </Empty>
      ) : (
        <ul class="card rows">
          {present.rules.map(({ hits, note, ...rule }, i) => (
            <li key={`${i} ${JSON.stringify(rule)}`}>
              <RuleLine rule={rule} hits={hits} note={note} isGone={!isDrafted(rule)}>
                {isDrafted(rule) ? (
                  <Button
                    label="Take away"
                    of={rule}
                    onClick={() => edit(rules.filter((one) => !isSameRule(one, rule)))}
                  />
                ) : (
                  <Button label="Put back" of={rule} onClick={() => edit([...rules, rule])} />
                )}
              </RuleLine>
            </li>
          ))}
          {added.map((rule) => (
            <li key={JSON.stringify(rule)}>
              <RuleLine rule={rule} isNew>
                <Button
                  label="Leave out"
                  of={rule}
                  onClick={() => edit(rules.filter((one) => !isSameRule(one, rule)))}
                />
              </RuleLine>
            </li>
          ))}
        </ul>
      )}
      <RulesText rules={rules} onEdit={edit} />
      {draft !== undefined && (
        <DraftPanel
          env={env}
          draft={draft}
          stored={stored}
          version={present.version}
          onDone={() => setDraft(undefined)}
        />
      )}
      <Suggestions env={env} version={present.version} isDrafted={isDrafted} onAdd={(rule) => edit([...rules, rule])} />
    </>
  );
};

const Head = ({ present: { rules, version, verdict, reason, recomparing } }: { readonly present: RulesWithHits }) => (
  <>
    <h2>
      Rules{" "}
      <small>
        {plural(rules.length, "rule")}, version {number(version)}
      </small>
    </h2>
    <p class="rules-verdict">
      <VerdictPill verdict={verdict} /> <span class="soft">under these rules:</span> {visible(reason)}
    </p>
    {recomparing !== null && (
      <div class="note" role="status">
        <strong>What is stored is compared anew</strong>
        <progress aria-label="Compared anew" max={Math.max(1, recomparing.total)} value={recomparing.done} />
        <p>
          {number(recomparing.done)} of {plural(recomparing.total, "part")} of the archive; until then nothing can be
          said of the rest.
        </p>
      </div>
    )}
  </>
);

const Button = ({
  label,
  of,
  onClick,
}: {
  readonly label: string;
  readonly of: Rule;
  readonly onClick: () => void;
}) => (
  <button type="button" class="button small" onClick={onClick} aria-label={`${label}: ${ruleText({ ...of, hits: 0 })}`}>
    {label}
  </button>
);
