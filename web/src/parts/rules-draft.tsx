import type { Rule } from "../../api-shapes.js";
import { useStore } from "../live.ts";
import { type Draft, isSameRule } from "../rules-draft.ts";
import { useAction } from "./action.tsx";
import { DialogEnd } from "./dialog-end.tsx";
import { Effect, usePreview } from "./rule-effect.tsx";
import { FaultNote, Loading } from "./states.tsx";

interface DraftPanelProps {
  readonly env: string;
  readonly draft: Draft;
  readonly stored: readonly Rule[];
  /** Of the rules that are stored. */
  readonly version: number;
  readonly onDone: () => void;
}

/** What the changed rules would do; only what was shown can be applied. */
export const DraftPanel = ({ env, draft, stored, version, onDone }: DraftPanelProps) => {
  const { api } = useStore();
  const isOutrun = version !== draft.version;
  const isSame = draft.rules.length === stored.length && draft.rules.every((rule, i) => isSameRule(rule, stored[i]!));
  const { preview, fault } = usePreview(env, isOutrun || isSame ? undefined : draft.rules);
  const apply = useAction(
    () => api.call("PUT /environments/{id}/rules", { params: { id: env }, body: { rules: [...draft.rules] } }),
    "The rules are applied",
  );
  return (
    <section class="card draft" aria-label="Changes that are not applied yet">
      <h3>What it would do</h3>
      <div aria-live="polite">
        {isOutrun && (
          <div class="note bad" role="alert">
            <strong>Somebody else changed the rules meanwhile</strong>
            <p>
              These changes were begun on version {draft.version}; now it is version {version}. Discard them and begin
              again.
            </p>
          </div>
        )}
        {isSame && !isOutrun && <p class="soft">Nothing is changed.</p>}
        {fault !== undefined && <FaultNote fault={fault} />}
        {!isSame &&
          !isOutrun &&
          fault === undefined &&
          (preview === undefined ? <Loading what="What the rules would change" /> : <Effect preview={preview} />)}
        {apply.fault !== undefined && <FaultNote fault={apply.fault} />}
      </div>
      <DialogEnd action={apply} isReady={preview !== undefined} leave={onDone} leaveText="Discard" onDone={onDone}>
        Apply
      </DialogEnd>
    </section>
  );
};
