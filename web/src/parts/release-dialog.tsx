import { useState } from "preact/hooks";
import { number, plural, time, visible } from "../../../core/report/text.ts";
import type { OverlayEnvironment, Release, Verdict } from "../../api-shapes.js";
import { useLive, useStore } from "../live.ts";
import { useAction } from "./action.tsx";
import { Dialog } from "./dialog.tsx";
import { DialogEnd } from "./dialog-end.tsx";
import { FaultNote, Shown } from "./states.tsx";
import { VerdictPill } from "./verdict-pill.tsx";

interface ReleaseProps {
  readonly environment: OverlayEnvironment;
  readonly onClose: () => void;
}

export const ReleaseDialog = ({ environment, onClose }: ReleaseProps) => {
  const { id, name } = environment;
  const verdict = useLive("GET /environments/{id}/verdict", { params: { id } });
  const hasImages = Object.values(environment.file.services).some(({ image }) => image !== undefined);
  return (
    <Dialog title={`Release ${visible(name)}`} onClose={onClose}>
      {hasImages && <LatestRelease id={id} />}
      <Shown live={verdict} what="The verdict" lines={3}>
        {(data) => <Decide environment={environment} verdict={data} onClose={onClose} />}
      </Shown>
    </Dialog>
  );
};

const Decide = ({ environment, verdict, onClose }: ReleaseProps & { readonly verdict: Verdict }) => {
  const { id, name, file, run } = environment;
  const { api } = useStore();
  const [typed, setTyped] = useState("");
  const [because, setBecause] = useState("");
  const isSafe = verdict.verdict === "SAFE";
  const images = Object.entries(file.services).filter(([, { image }]) => image !== undefined);
  const isReady = images.length > 0 && (isSafe || (typed === name && because.trim() !== ""));
  const release = useAction(
    () =>
      api.call("POST /overlays/{id}/release", {
        params: { id },
        body: isSafe ? {} : { force: true, because: because.trim() },
      }),
    `the release of ${name} has begun`,
  );
  return (
    <>
      <div class="effect">
        <h3>What it would do</h3>
        {images.length === 0 ? (
          <p>
            Nothing: only a service that overlay.yaml gives an image, and whose baseline says where it runs (
            <code>ecs</code>), is released from here. Put others into production as you always do.
          </p>
        ) : (
          <>
            <p>
              The baseline <b>{visible(environment.baseline.name)}</b> takes {plural(images.length, "image")}, step by
              step; an alarm takes {images.length === 1 ? "it" : "them"} back:
            </p>
            <ul class="changes">
              {images.map(([service, { image }]) => (
                <li key={service}>
                  {visible(service)} <code>{visible(image ?? "")}</code>
                </li>
              ))}
            </ul>
          </>
        )}
        <h3>On this evidence, which is kept</h3>
        <p>
          <VerdictPill verdict={verdict.verdict} /> {number(verdict.pairs)} pairs of {visible(run.candidateVersion)}{" "}
          against {visible(run.baselineVersion)}, attempt {run.attempt}
        </p>
        <p class="soft">{visible(verdict.reason)}</p>
      </div>
      {!isSafe && images.length > 0 && (
        <>
          <p>
            <b>It is not SAFE.</b> It is released by force only, with who and why.
          </p>
          <label class="field">
            Because
            <textarea
              rows={2}
              maxLength={1_000}
              value={because}
              onInput={({ currentTarget }) => setBecause(currentTarget.value)}
            />
          </label>
          <label class="field">
            Type {visible(name)} to confirm
            <input value={typed} autocomplete="off" onInput={({ currentTarget }) => setTyped(currentTarget.value)} />
          </label>
        </>
      )}
      {release.fault !== undefined && <FaultNote fault={release.fault} />}
      <DialogEnd action={release} isReady={isReady} isDangerous={!isSafe} leave={onClose}>
        {isSafe ? "Release" : "Release by force"}
      </DialogEnd>
    </>
  );
};

const OUTCOME_TEXT = {
  releasing: "is being released",
  released: "is released",
  rolledBack: "was rolled back",
  failed: "failed",
} as const satisfies Record<Release["outcome"], string>;

/** Nothing where there was none. */
const LatestRelease = ({ id }: { readonly id: string }) => {
  const release = useLive("GET /overlays/{id}/release", { params: { id } }).data;
  if (release === undefined) return null;
  const { outcome, version, who, at, because, services } = release;
  return (
    <div class={`note${outcome === "rolledBack" || outcome === "failed" ? " bad" : ""}`}>
      <strong>
        {visible(version)} {OUTCOME_TEXT[outcome]}
      </strong>
      <p>
        by {visible(who)}, {time(at)}
        {because !== null && `: ${visible(because)}`}
      </p>
      <ul class="changes">
        {services.map(({ service, phase, status, reason }) => (
          <li key={service}>
            {visible(service)}: {phase}
            {status !== null && `, ${visible(status)}`}
            {reason !== null && `: ${visible(reason)}`}
          </li>
        ))}
      </ul>
    </div>
  );
};
