import { useState } from "preact/hooks";
import { visible } from "../../../core/report/text.ts";
import { ruleText } from "../../../core/report/words.ts";
import type { Finding, Rule } from "../../api-shapes.js";
import { useLive, useStore } from "../live.ts";
import { useAction } from "./action.tsx";
import { Dialog } from "./dialog.tsx";
import { DialogEnd } from "./dialog-end.tsx";
import { Effect, usePreview } from "./rule-effect.tsx";
import { type Proposal, proposalsOf, ruleOf } from "./rule-proposals.ts";
import { FaultNote, Loading } from "./states.tsx";

interface RuleDialogProps {
  readonly env: string;
  readonly finding: Finding;
  readonly onClose: () => void;
}

/** A rule for the place of a finding: what it would change is shown before it is applied. */
export const RuleDialog = ({ env, finding, onClose }: RuleDialogProps) => {
  const { api } = useStore();
  const proposals = proposalsOf(finding);
  const [proposal, setProposal] = useState<Proposal>(proposals[0]!);
  const [value, setValue] = useState(proposals[0]!.value ?? "");
  const [isEverywhere, setEverywhere] = useState(false);
  const [because, setBecause] = useState("");
  const present = useLive("GET /environments/{id}/rules", { params: { id: env } });
  const rule = ruleOf(proposal, value, { endpoint: isEverywhere ? undefined : finding.endpoint, because });
  const rules = present.data?.rules.map(({ hits: _h, note: _n, ...one }): Rule => one);
  const wanted = rules === undefined || rule === undefined ? undefined : [...rules, rule];
  const { preview, fault } = usePreview(env, wanted);
  const apply = useAction(
    () => api.call("PUT /environments/{id}/rules", { params: { id: env }, body: { rules: wanted ?? [] } }),
    "The rule is applied",
  );
  const choose = (next: Proposal) => {
    setProposal(next);
    setValue(next.value ?? "");
  };
  return (
    <Dialog title="Allow this difference" onClose={onClose}>
      <fieldset class="choices">
        <legend>How may it differ?</legend>
        {proposals.map((one) => (
          <label key={one.verb}>
            <input type="radio" name="verb" checked={one.verb === proposal.verb} onChange={() => choose(one)} />
            <span>
              <b>{one.title}</b> <span class="soft">{one.meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {proposal.value !== undefined && (
        <label class="field">
          {proposal.label}
          <input value={value} onInput={({ currentTarget }) => setValue(currentTarget.value)} />
        </label>
      )}
      <label class="field-check">
        <input type="checkbox" checked={isEverywhere} onChange={() => setEverywhere(!isEverywhere)} />
        at every endpoint, not at <code>{visible(finding.endpoint)}</code> alone
      </label>
      <label class="field">
        Because (shown beside its hits)
        <input
          value={because}
          maxLength={200}
          placeholder="why it may differ"
          onInput={({ currentTarget }) => setBecause(currentTarget.value)}
        />
      </label>
      <div class="effect" aria-live="polite">
        <h3>What it would do</h3>
        {rule === undefined && <p class="soft">{proposal.label} is missing or is none.</p>}
        {fault !== undefined && <FaultNote fault={fault} />}
        {rule !== undefined && fault === undefined && (
          <>
            <p>
              <code>{visible(ruleText({ ...rule, hits: 0 }))}</code>
            </p>
            {preview === undefined ? (
              <Loading what="What the rule would change" lines={3} />
            ) : (
              <Effect preview={preview} />
            )}
          </>
        )}
      </div>
      {apply.fault !== undefined && <FaultNote fault={apply.fault} />}
      <DialogEnd action={apply} isReady={preview !== undefined} leave={onClose} onDone={onClose}>
        Apply the rule
      </DialogEnd>
    </Dialog>
  );
};
