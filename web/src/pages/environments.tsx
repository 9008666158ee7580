import { visible } from "../../../core/report/text.ts";
import type { EnvironmentRow } from "../../api-shapes.js";
import { useLive } from "../live.ts";
import { Empty, Shown } from "../parts/states.tsx";
import { VerdictPill } from "../parts/verdict-pill.tsx";
import { hrefOf } from "../router.ts";

type Overlay = Extract<EnvironmentRow, { kind: "overlay" }>;
type Baseline = Extract<EnvironmentRow, { kind: "baseline" }>;

export const EnvironmentsPage = () => {
  const live = useLive("GET /environments", {});
  return (
    <>
      <header class="env-head">
        <h1>Environments</h1>
      </header>
      <Shown live={live} what="The list of environments" lines={4}>
        {({ environments }) => <Lists environments={environments} />}
      </Shown>
    </>
  );
};

const Lists = ({ environments }: { readonly environments: readonly EnvironmentRow[] }) => {
  const overlays = environments.filter((one): one is Overlay => one.kind === "overlay");
  const baselines = environments.filter((one): one is Baseline => one.kind === "baseline");
  if (environments.length === 0)
    return (
      <Empty title="No environments yet">
        <p>
          <code>shadowgraph baseline create</code> or <code>shadowgraph up</code> makes one.
        </p>
      </Empty>
    );
  const names = new Map(baselines.map(({ id, name }) => [id, name]));
  return (
    <>
      <h2>
        Overlays <small>{overlays.length}</small>
      </h2>
      {overlays.length === 0 ? (
        <Empty title="No overlays yet">
          <p>
            <code>shadowgraph overlay create</code> makes one.
          </p>
        </Empty>
      ) : (
        <ul class="card rows">
          {overlays.map((overlay) => (
            <li key={overlay.id}>
              <OverlayRow overlay={overlay} baseline={names.get(overlay.baseline) ?? overlay.baseline} />
            </li>
          ))}
        </ul>
      )}
      <h2>
        Baselines <small>{baselines.length}</small>
      </h2>
      <ul class="card rows">
        {baselines.map(({ id, name, version }) => (
          <li key={id}>
            <a class="row" href={hrefOf(["env", id])}>
              <span class="row-name">{visible(name)}</span>
              <span class="soft">{visible(version)}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
};

const OverlayRow = ({ overlay, baseline }: { readonly overlay: Overlay; readonly baseline: string }) => {
  const { name, version, enabled, attempts, verdict } = overlay;
  return (
    <a class="row" href={hrefOf(["env", name])}>
      <span class="row-name">{visible(name)}</span>
      <span class="soft">
        {visible(version)} against {visible(baseline)}
      </span>
      <span class="soft row-end">
        attempt {attempts}, mirroring {enabled ? "on" : "off"}
      </span>
      <span class="row-pill">
        {verdict === null ? <span class="pill">not judged yet</span> : <VerdictPill verdict={verdict} />}
      </span>
    </a>
  );
};
