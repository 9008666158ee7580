import { useEffect, useRef } from "preact/hooks";
import { time, visible } from "../../core/report/text.ts";
import { EnvironmentFrame } from "./environment-frame.tsx";
import { useConnection } from "./live.ts";
import type { Page } from "./page.ts";
import { PAGES } from "./pages.ts";
import { Announcer } from "./parts/announcer.tsx";
import { Empty } from "./parts/states.tsx";
import { Tooltip } from "./parts/term.tsx";
import { hrefOf, type Location, matchPath, useLocation } from "./router.ts";
import type { SignedIn } from "./sign-in.ts";

interface Found {
  readonly page: Page;
  readonly params: Readonly<Record<string, string>>;
}

const pageAt = ({ steps }: Location): Found | undefined => {
  for (const page of PAGES) {
    const params = matchPath(page.path, steps);
    if (params !== undefined) return { page, params };
  }
  return undefined;
};

/** The frame of every page. */
export const Shell = ({ signedIn }: { readonly signedIn: SignedIn | undefined }) => {
  const location = useLocation();
  const found = pageAt(location);
  const place = location.steps.join("/");
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const title = found?.page.title(found.params) ?? "Not found";
  useEffect(() => {
    document.title = title === "" ? "Shadowgraph" : `${title} – Shadowgraph`;
    // Whoever goes by keyboard or ear goes on at the new page, not at the link that was followed.
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    if (!isFirst.current) scrollTo(0, 0);
    isFirst.current = false;
  }, [place]);
  return (
    <>
      <a class="skip" href={globalThis.location.hash || "#/"} onClick={(event) => skipTo(event, main.current)}>
        Skip to the content
      </a>
      <Header signedIn={signedIn} />
      <main class="page" ref={main} tabIndex={-1}>
        {found === undefined ? <NoPage /> : <Content {...found} query={location.query} key={place} />}
      </main>
      <Footer />
      <Announcer />
      <Tooltip />
    </>
  );
};

const skipTo = (event: Event, main: HTMLElement | null): void => {
  event.preventDefault();
  main?.focus();
};

const Content = ({ page, params, query }: Found & { readonly query: Location["query"] }) => {
  const view = <page.View params={params} query={query} />;
  return page.path.startsWith("env/:id") ? (
    <EnvironmentFrame id={params.id ?? ""} page={page}>
      {view}
    </EnvironmentFrame>
  ) : (
    view
  );
};

const NoPage = () => (
  <Empty title="There is no such page">
    <p>
      <a href={hrefOf([])}>All environments</a>
    </p>
  </Empty>
);

const Header = ({ signedIn }: { readonly signedIn: SignedIn | undefined }) => (
  <header class="bar">
    <a class="brand" href={hrefOf([])}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <circle cx="12.5" cy="12.5" r="8" class="brand-light" />
        <circle cx="19.5" cy="19.5" r="8" class="brand-shadow" />
      </svg>
      Shadowgraph
    </a>
    <nav aria-label="Main">
      <a href={hrefOf([])}>Environments</a>
      <a href={hrefOf(["words"])}>Words</a>
    </nav>
    <ConnectionNote />
    {signedIn !== undefined && (
      <p class="who">
        <span class="soft">{visible(signedIn.name)}</span>{" "}
        <button type="button" class="link" onClick={signedIn.signOut}>
          Sign out
        </button>
      </p>
    )}
  </header>
);

const ConnectionNote = () => {
  const { why, at } = useConnection();
  if (why === undefined)
    return (
      <p class="connection">
        {at !== undefined && (
          <>
            <i class="dot good" aria-hidden="true" />
            live
          </>
        )}
      </p>
    );
  return (
    <p class="connection">
      <i class="dot bad" aria-hidden="true" />
      not live
      <span class="stale" role="alert">
        {visible(why)}
        {at !== undefined && ` What is shown is of ${time(at).slice(11)}.`}
      </span>
    </p>
  );
};

const Footer = () => (
  <footer class="foot">Text of others is shown with its control characters as codes. Times are UTC.</footer>
);
