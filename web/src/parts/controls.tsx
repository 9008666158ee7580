import { useState } from "preact/hooks";
import type { OverlayEnvironment } from "../../api-shapes.js";
import { MirroringDialog } from "./mirroring-dialog.tsx";
import { ReleaseDialog } from "./release-dialog.tsx";
import { ReportDialog } from "./report-dialog.tsx";

const DIALOGS = { mirroring: MirroringDialog, report: ReportDialog, release: ReleaseDialog } as const;
type DialogName = keyof typeof DIALOGS;

/** What can be done with an overlay: each says first what it does. */
export const Controls = ({ environment }: { readonly environment: OverlayEnvironment }) => {
  const [opened, open] = useState<DialogName>();
  const Opened = opened && DIALOGS[opened];
  return (
    <div class="controls">
      <button type="button" class="button" onClick={() => open("mirroring")}>
        Mirroring…
      </button>
      <button type="button" class="button" onClick={() => open("report")}>
        Report…
      </button>
      <button type="button" class="button" onClick={() => open("release")}>
        Release…
      </button>
      {Opened && <Opened environment={environment} onClose={() => open(undefined)} />}
    </div>
  );
};
