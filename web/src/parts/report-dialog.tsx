import { useState } from "preact/hooks";
import type { OverlayEnvironment } from "../../api-shapes.js";
import { useStore } from "../live.ts";
import { useAction } from "./action.tsx";
import { Dialog } from "./dialog.tsx";
import { DialogEnd } from "./dialog-end.tsx";
import { FaultNote } from "./states.tsx";

const FORMATS = [
  ["html", "HTML", "one file to send or to keep: it loads nothing", "html"],
  ["markdown", "Markdown", "a comment for a pull request", "md"],
  ["junit", "JUnit", "for a CI server", "xml"],
  ["json", "JSON", "all of it, for a script", "json"],
] as const;
type Format = (typeof FORMATS)[number];

interface ReportProps {
  readonly environment: OverlayEnvironment;
  readonly onClose: () => void;
}

export const ReportDialog = ({ environment: { id, name }, onClose }: ReportProps) => {
  const { api } = useStore();
  const [chosen, choose] = useState<Format>(FORMATS[0]);
  const [format, , , extension] = chosen;
  const load = useAction(async () => {
    const blob = await api.file("GET /environments/{id}/report", { params: { id }, query: { format } });
    download(blob, `shadowgraph-${name}.${extension}`);
  }, "the report is downloaded");
  return (
    <Dialog title="Report" onClose={onClose}>
      <fieldset class="choices">
        <legend>Verdict, figures and findings as they are now, in</legend>
        {FORMATS.map((one) => (
          <label key={one[0]}>
            <input type="radio" name="format" checked={one === chosen} onChange={() => choose(one)} />
            <span>
              <b>{one[1]}</b> <span class="soft">{one[2]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {load.fault !== undefined && <FaultNote fault={load.fault} />}
      <DialogEnd action={load} onDone={onClose}>
        Download
      </DialogEnd>
    </Dialog>
  );
};

const download = (blob: Blob, fileName: string): void => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
};
