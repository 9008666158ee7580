import { useRef, useState } from "preact/hooks";
import { number, plural, visible } from "../../../core/report/text.ts";
import type { Recheck } from "../../api-shapes.js";
import { useStore } from "../live.ts";
import { useAction } from "./action.tsx";
import { Dialog } from "./dialog.tsx";
import { DialogEnd } from "./dialog-end.tsx";
import { FaultNote } from "./states.tsx";

interface RecheckDialogProps {
  readonly env: string;
  /** Chosen, and nothing sent of it. */
  readonly begun: Recheck;
  readonly onStep: (now: Recheck) => void;
  readonly onClose: () => void;
}

type Fill = Readonly<Record<string, string>>;

/** Says what would be sent where; sends step by step; what is closed stops. */
export const RecheckDialog = ({ env, begun, onStep, onClose }: RecheckDialogProps) => {
  const { api } = useStore();
  const [chosen, setChosen] = useState<{ readonly recheck: Recheck; readonly fill: Fill }>({
    recheck: begun,
    fill: {},
  });
  const [done, setDone] = useState(0);
  const isStopped = useRef(false);
  const { recheck, fill } = chosen;
  const ask = (body: { readonly continue: string } | Record<string, never>, values: Fill) =>
    api.call("POST /environments/{id}/recheck", {
      params: { id: env },
      body: { ...body, ...(Object.keys(values).length === 0 ? {} : { fill: values }) },
    });
  const send = useAction(async () => {
    for (let step = recheck; step.done < step.total && !isStopped.current; ) {
      step = await ask({ continue: recheck.id }, fill);
      setDone(step.done);
      onStep(step);
    }
  }, "the stored requests are sent again");
  const close = () => {
    isStopped.current = true;
    onClose();
  };
  // What was once missing stays to be given, although it is not missing any more.
  const missing = [...new Set([...missingIn(begun), ...missingIn(recheck)])];
  return (
    <Dialog title="Ask again" onClose={close}>
      <Plan recheck={recheck} />
      {missing.length > 0 && (
        <HiddenValues
          names={missing}
          isDisabled={send.isRunning}
          choose={async (values) => setChosen({ recheck: await ask({}, values), fill: values })}
        />
      )}
      {send.isRunning && (
        <progress aria-label="Repetitions sent" max={Math.max(1, recheck.total)} value={done}>
          {number(done)} of {number(recheck.total)}
        </progress>
      )}
      {send.fault !== undefined && <FaultNote fault={send.fault} />}
      <DialogEnd
        action={send}
        isReady={recheck.total > 0}
        leave={close}
        leaveText={send.isRunning ? "Stop" : "Leave it"}
        onDone={onClose}
      >
        Send them
      </DialogEnd>
    </Dialog>
  );
};

const missingIn = ({ findings }: Recheck): readonly string[] => findings.flatMap((finding) => finding.missing);

const Plan = ({ recheck: { lanes, requests, total, times, rate, findings } }: { readonly recheck: Recheck }) => (
  <div class="effect" aria-live="polite">
    <h3>What it would do</h3>
    {total === 0 ? (
      <p>
        Nothing:{" "}
        {findings.length === 0 ? "there is no confirmed finding" : "no stored request can be sent again as it is"}.
      </p>
    ) : (
      <>
        <p>
          {plural(requests, "stored request")} of{" "}
          {plural(findings.filter((finding) => finding.requests > 0).length, "finding")}, {number(times)} times each:{" "}
          {number(total)} to the candidate <code>{visible(lanes.candidate)}</code> and {number(2 * total)} to the{" "}
          {lanes.controlIs === "baseline" ? "baseline itself" : "control"} <code>{visible(lanes.control)}</code>,{" "}
          {number(rate)} a second to the candidate.
        </p>
        <p class="soft">Facts, findings and verdict of the run stay as they are.</p>
      </>
    )}
  </div>
);

interface HiddenValuesProps {
  readonly names: readonly string[];
  readonly isDisabled: boolean;
  readonly choose: (fill: Fill) => Promise<void>;
}

/** Values that never left the tee: who has them gives them for this time. */
const HiddenValues = ({ names, isDisabled, choose }: HiddenValuesProps) => {
  const [fill, setFill] = useState<Fill>({});
  const given = Object.fromEntries(Object.entries(fill).filter(([, value]) => value !== ""));
  const use = useAction(() => choose(given), "chosen anew");
  return (
    <form
      class="hidden-values"
      onSubmit={(event) => {
        event.preventDefault();
        void use.run();
      }}
    >
      <h3>Hidden values</h3>
      <p class="soft">They never left the tee. What you give here is sent to both lanes, and kept nowhere.</p>
      {names.map((name) => (
        <label key={name} class="field">
          {visible(name)}
          <input
            type="password"
            autocomplete="off"
            value={fill[name] ?? ""}
            onInput={({ currentTarget }) => setFill({ ...fill, [name]: currentTarget.value })}
          />
        </label>
      ))}
      {use.fault !== undefined && <FaultNote fault={use.fault} />}
      <button type="submit" class="button" disabled={isDisabled || use.isRunning || Object.keys(given).length === 0}>
        Use these values
      </button>
    </form>
  );
};
