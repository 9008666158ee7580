import type { ComponentChildren } from "preact";
import type { Action } from "./action.tsx";

interface DialogEndProps {
  readonly action: Action;
  /** @default true: it can be done as things stand */
  readonly isReady?: boolean;
  readonly isDangerous?: boolean;
  /** The way out; none where there is nothing to leave. */
  readonly leave?: () => void;
  /** @default "Leave it" */
  readonly leaveText?: string;
  /** Once it is done. */
  readonly onDone?: () => void;
  /** What the button says. */
  readonly children: ComponentChildren;
}

/** The last line of a dialog: leave all as it is, or do what it says. */
export const DialogEnd = (props: DialogEndProps) => {
  const { action, isReady = true, isDangerous = false, leave, leaveText = "Leave it", onDone, children } = props;
  return (
    <div class="dialog-end">
      {leave !== undefined && (
        <button type="button" class="button" onClick={leave}>
          {leaveText}
        </button>
      )}
      <button
        type="button"
        class={`button strong${isDangerous ? " danger" : ""}`}
        disabled={!isReady || action.isRunning}
        onClick={async () => (await action.run()) && onDone?.()}
      >
        {children}
      </button>
    </div>
  );
};
