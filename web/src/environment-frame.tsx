import type { ComponentChildren } from "preact";
import { time, visible } from "../../core/report/text.ts";
import type { OverlayEnvironment } from "../api-shapes.js";
import { useLive } from "./live.ts";
import type { Page } from "./page.ts";
import { PAGES } from "./pages.ts";
import { Controls } from "./parts/controls.tsx";
import { Shown } from "./parts/states.tsx";
import { Term } from "./parts/term.tsx";
import { hrefOf } from "./router.ts";

interface FrameProps {
  readonly id: string;
  readonly page: Page;
  readonly children: ComponentChildren;
}

/** The head of every page of an environment: which it is, what is compared, and the way to its other pages. */
export const EnvironmentFrame = ({ id, page, children }: FrameProps) => {
  const environment = useLive("GET /environments/{id}", { params: { id } });
  return (
    <>
      <nav class="crumbs" aria-label="Where you are">
        <a href={hrefOf([])}>Environments</a>
        <span aria-hidden="true">/</span>
        {page.path === "env/:id" ? (
          <span aria-current="page">{visible(id)}</span>
        ) : (
          <a href={hrefOf(["env", id])}>{visible(id)}</a>
        )}
      </nav>
      <Shown live={environment} what="The environment" lines={2}>
        {(data) =>
          data.kind === "baseline" ? (
            <BaselineHead name={data.name} version={data.file.version} />
          ) : (
            <OverlayHead environment={data} />
          )
        }
      </Shown>
      {environment.data?.kind === "overlay" && <Tabs id={id} page={page} />}
      {environment.data !== undefined && environment.fault?.status !== 404 && children}
    </>
  );
};

const BaselineHead = ({ name, version }: { readonly name: string; readonly version: string }) => (
  <header class="env-head">
    <div>
      <h1>{visible(name)}</h1>
      <p class="soft">
        <Term word="baseline" /> {visible(version)}
      </p>
    </div>
  </header>
);

const OverlayHead = ({ environment }: { readonly environment: OverlayEnvironment }) => {
  const { name, baseline, shadow, run } = environment;
  return (
    <header class="env-head">
      <div>
        <h1>{visible(name)}</h1>
        <p class="soft">
          <b>{visible(run.candidateVersion)}</b> against <b>{visible(run.baselineVersion)}</b> of{" "}
          <a href={hrefOf(["env", baseline.id])}>{visible(baseline.name)}</a>, <Term word="attempt" /> {run.attempt},{" "}
          <Term word="run" /> since {time(run.startedAt)}, <Term word="mirrored">mirroring</Term>{" "}
          <b>{shadow.enabled ? `${shadow.percent} %` : "off"}</b>
        </p>
      </div>
      <Controls environment={environment} />
    </header>
  );
};

/** A page that is no tab itself belongs to the one above it. */
const tabOf = ({ path }: Page): string | undefined =>
  PAGES.filter((page) => page.tab !== undefined && `${path}/`.startsWith(`${page.path}/`)).at(-1)?.path;

const Tabs = ({ id, page }: { readonly id: string; readonly page: Page }) => {
  const current = tabOf(page);
  return (
    <nav class="tabs" aria-label="Of this environment">
      {PAGES.filter(({ tab }) => tab !== undefined).map(({ path, tab }) => (
        <a
          key={path}
          href={hrefOf(path.split("/").map((step) => (step === ":id" ? id : step)))}
          aria-current={path === current ? "page" : undefined}
        >
          {tab}
        </a>
      ))}
    </nav>
  );
};
