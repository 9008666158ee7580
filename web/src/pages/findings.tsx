import { useEffect, useRef, useState } from "preact/hooks";
import { number, percent, plural, visible } from "../../../core/report/text.ts";
import type { Finding, Findings } from "../../api-shapes.js";
import { POLL_MS, useLive, useStore } from "../live.ts";
import type { PageProps } from "../page.ts";
import { type Column, DataTable } from "../parts/data-table.tsx";
import { KindPill } from "../parts/kind-pill.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { hrefOf, replaceQuery } from "../router.ts";

const PAGE_SIZE = 200;
/** All of them, or the compiler says which is missing. */
const KINDS = Object.keys({
  added: 1,
  removed: 1,
  type: 1,
  schema: 1,
  value: 1,
  order: 1,
  length: 1,
  status: 1,
  call: 1,
  header: 1,
  failure: 1,
  latency: 1,
} satisfies Record<Finding["kind"], 1>) as Finding["kind"][];

const columnsOf = (env: string): readonly Column<Finding>[] => [
  {
    key: "confirmed",
    title: "confirmed",
    word: "confirmed",
    cell: ({ confirmed }) => (confirmed ? <b>yes</b> : <span class="soft">not yet</span>),
  },
  { key: "kind", title: "kind", word: "kind", cell: (finding) => <KindPill finding={finding} /> },
  {
    key: "place",
    title: "place",
    word: "place",
    cell: ({ id, place, group }) => (
      <a href={hrefOf(["env", env, "findings", id])} title={place}>
        {group !== id && (
          <span class="soft" title="shares the cause of the one above">
            ↳{" "}
          </span>
        )}
        <code>{visible(place)}</code>
      </a>
    ),
  },
  { key: "endpoint", title: "endpoint", word: "endpoint", cell: ({ endpoint }) => <code>{visible(endpoint)}</code> },
  {
    key: "count",
    title: "count/pairs",
    word: "count",
    isNumber: true,
    cell: ({ count, pairs }) => (
      <>
        {number(count)}/{number(pairs)} <span class="soft share">{percent(count / Math.max(1, pairs))}</span>
      </>
    ),
  },
  { key: "noise", title: "noise", word: "noise", isNumber: true, cell: ({ noise }) => number(noise) },
  { key: "masked", title: "masked", word: "masked", isNumber: true, cell: ({ masked }) => number(masked) },
];

/** All findings, most telling first, whatever their number. */
export const FindingsPage = ({ params, query }: PageProps) => {
  const env = params.id ?? "";
  const asked = {
    endpoint: query.endpoint,
    kind: KINDS.find((kind) => kind === query.kind),
    confirmed: query.confirmed === "true" ? true : undefined,
  };
  const first = useLive("GET /environments/{id}/diffs", {
    params: { id: env },
    query: { limit: PAGE_SIZE, offset: 0, ...asked },
  });
  return (
    <section aria-label="Findings">
      <div class="head-line tight">
        <h2>
          Findings <small>{first.data === undefined ? "" : number(first.data.total)}</small>
        </h2>
        <Filters env={env} query={query} />
      </div>
      <Shown live={first} what="The findings" lines={10}>
        {(data) => (
          <FindingsTable
            key={JSON.stringify(asked)}
            env={env}
            first={data}
            asked={asked}
            isFiltered={Object.values(asked).some((one) => one !== undefined)}
          />
        )}
      </Shown>
    </section>
  );
};

interface TableProps {
  readonly env: string;
  readonly first: Findings;
  readonly asked: {
    readonly endpoint: string | undefined;
    readonly kind: Finding["kind"] | undefined;
    readonly confirmed: boolean | undefined;
  };
  readonly isFiltered: boolean;
}

const FindingsTable = ({ env, first, asked, isFiltered }: TableProps) => {
  const { rowAt, see } = usePages(env, first, asked);
  if (first.total === 0)
    return isFiltered ? (
      <Empty title="No finding fits the filter" />
    ) : (
      <Empty title="No findings">
        <p>Nowhere does the candidate differ more than the old version from itself.</p>
      </Empty>
    );
  return (
    <>
      <DataTable
        label="Findings"
        columns={columnsOf(env)}
        count={first.total}
        rowAt={rowAt}
        keyOf={({ id }) => id}
        onSeen={see}
      />
      <p class="soft more">↳ shares the cause of the one above. Most telling first.</p>
    </>
  );
};

/** The first page is live; further ones are asked for as they come into the window, and again while they are in it. */
const usePages = (env: string, first: Findings, asked: TableProps["asked"]) => {
  const { api } = useStore();
  const pages = useRef(new Map<number, { readonly findings: readonly Finding[]; readonly at: number }>());
  const asking = useRef(new Set<number>());
  const [, rendered] = useState(0);
  const isGone = useRef(false);
  useEffect(() => () => void (isGone.current = true), []);
  pages.current.set(0, { findings: first.findings, at: Date.now() });
  const see = (from: number, to: number) => {
    for (let page = Math.floor(from / PAGE_SIZE); page * PAGE_SIZE < to; page++) {
      const known = pages.current.get(page);
      if (page === 0 || asking.current.has(page) || (known && Date.now() - known.at < POLL_MS)) continue;
      asking.current.add(page);
      const query = { limit: PAGE_SIZE, offset: page * PAGE_SIZE, ...asked };
      api
        .call("GET /environments/{id}/diffs", { params: { id: env }, query })
        .then(({ findings }) => pages.current.set(page, { findings, at: Date.now() }))
        .catch(() => {})
        .finally(() => {
          asking.current.delete(page);
          if (!isGone.current) rendered((n) => n + 1);
        });
    }
  };
  const rowAt = (index: number): Finding | undefined =>
    pages.current.get(Math.floor(index / PAGE_SIZE))?.findings[index % PAGE_SIZE];
  return { rowAt, see };
};

const Filters = ({ env, query }: { readonly env: string; readonly query: PageProps["query"] }) => {
  const verdict = useLive("GET /environments/{id}/verdict", { params: { id: env } });
  const endpoints = (verdict.data?.endpoints ?? []).filter(({ findings }) => findings.total > 0);
  const named = query.endpoint ?? "";
  const isListed = named === "" || endpoints.some(({ endpoint }) => endpoint === named);
  return (
    <search class="filters">
      <label>
        <span class="hidden">Endpoint</span>
        <select value={named} onChange={({ currentTarget }) => replaceQuery({ endpoint: currentTarget.value })}>
          <option value="">any endpoint</option>
          {!isListed && <option value={named}>{visible(named)}</option>}
          {endpoints.map(({ endpoint, findings }) => (
            <option key={endpoint} value={endpoint}>
              {visible(endpoint)} ({plural(findings.total, "finding")})
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="hidden">Kind</span>
        <select value={query.kind ?? ""} onChange={({ currentTarget }) => replaceQuery({ kind: currentTarget.value })}>
          <option value="">any kind</option>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {kind}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={query.confirmed === "true"}
          onChange={({ currentTarget }) => replaceQuery({ confirmed: currentTarget.checked ? "true" : undefined })}
        />
        confirmed only
      </label>
    </search>
  );
};
