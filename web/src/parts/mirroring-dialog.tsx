import { useState } from "preact/hooks";
import { visible } from "../../../core/report/text.ts";
import type { OverlayEnvironment } from "../../api-shapes.js";
import { useStore } from "../live.ts";
import { useAction } from "./action.tsx";
import { Dialog } from "./dialog.tsx";
import { DialogEnd } from "./dialog-end.tsx";
import { FaultNote } from "./states.tsx";

interface MirroringProps {
  readonly environment: OverlayEnvironment;
  readonly onClose: () => void;
}

export const MirroringDialog = ({ environment, onClose }: MirroringProps) => {
  const { id, name, shadow, run } = environment;
  const { api } = useStore();
  const [enabled, setEnabled] = useState(shadow.enabled);
  const [percentText, setPercentText] = useState(String(shadow.percent));
  const [newRun, setNewRun] = useState(false);
  const percent = percentIn(percentText);
  const isAsIs = enabled === shadow.enabled && percent === shadow.percent && !newRun;
  const apply = useAction(
    () =>
      api.call("PUT /environments/{id}/shadow", {
        params: { id },
        body: { enabled, newRun, ...(percent === undefined ? {} : { percent }) },
      }),
    enabled ? `${percent} % of requests are mirrored` : "nothing is mirrored any more",
  );
  return (
    <Dialog title={`Mirroring to ${visible(name)}`} onClose={onClose}>
      <label class="field-check">
        <input type="checkbox" checked={enabled} onChange={() => setEnabled(!enabled)} />
        mirror requests to the overlay
      </label>
      <label class="field">
        Percent of requests that are mirrored (0 to 100, in steps of 0.01)
        <input
          inputMode="decimal"
          value={percentText}
          aria-invalid={percent === undefined}
          onInput={({ currentTarget }) => setPercentText(currentTarget.value)}
        />
      </label>
      <label class="field-check">
        <input type="checkbox" checked={newRun} onChange={() => setNewRun(!newRun)} />
        begin a new run: the overlay is another than before
      </label>
      <div class="effect" aria-live="polite">
        <h3>What it would do</h3>
        {percent === undefined ? (
          <p>The percent must be a number from 0 to 100 with at most two decimals; got “{percentText}”.</p>
        ) : (
          effectsOf({ shadow, enabled, percent, newRun, attempt: run.attempt }).map((one) => <p key={one}>{one}</p>)
        )}
      </div>
      {apply.fault !== undefined && <FaultNote fault={apply.fault} />}
      <DialogEnd action={apply} isReady={percent !== undefined && !isAsIs} leave={onClose} onDone={onClose}>
        Apply
      </DialogEnd>
    </Dialog>
  );
};

const percentIn = (text: string): number | undefined => {
  if (!/^\d{1,3}(?:\.\d{1,2})?$/.test(text.trim())) return undefined;
  const percent = Number(text);
  return percent <= 100 ? percent : undefined;
};

interface Change {
  readonly shadow: OverlayEnvironment["shadow"];
  readonly enabled: boolean;
  readonly percent: number;
  readonly newRun: boolean;
  readonly attempt: number;
}

const effectsOf = ({ shadow, enabled, percent, newRun, attempt }: Change): readonly string[] => {
  const before = shadow.enabled ? `${shadow.percent} %` : "nothing";
  const after = enabled ? `${percent} %` : "nothing";
  const share =
    before === after
      ? `It goes on as it is: ${before} is mirrored.`
      : `From now on ${after} of the requests is mirrored, until now ${before}.`;
  const runs = newRun
    ? `A new run begins, attempt ${attempt + 1}: pairs and findings of the present one no longer count.`
    : "The present run goes on: pairs and findings stay.";
  return [share, runs, "Callers are served by the baseline all the while. Every tee follows within seconds."];
};
