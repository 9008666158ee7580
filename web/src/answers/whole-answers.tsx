import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { milliseconds, number, plural, time, visible } from "../../../core/report/text.ts";
import type { Finding, FindingPairs } from "../../api-shapes.js";
import { ApiFault } from "../api.ts";
import { useStore } from "../live.ts";
import { announce } from "../parts/announcer.tsx";
import { Empty, FaultNote, Loading } from "../parts/states.tsx";
import { Term } from "../parts/term.tsx";
import { readLossless } from "./json-rows.ts";
import { JsonView } from "./json-view.tsx";
import { LANES, LaneCells, LaneGrid, LaneHead, LaneRow, PlainCell } from "./lane-grid.tsx";
import { TextView } from "./text-view.tsx";

type Pair = FindingPairs["pairs"][number];
type Answer = Pair["primary"];

const PAGE_SIZE = 3;

interface WholeProps {
  readonly env: string;
  readonly finding: Finding;
}

/** Every stored pair that shows the finding, one at a time, with the answers of all lanes. */
export const WholeAnswers = ({ env, finding }: WholeProps) => {
  const { pairs, next, fault, isAsking, more } = usePairs(env, finding.id);
  const [index, setIndex] = useState(0);
  const pair = pairs[index];
  const isLast = index >= pairs.length - 1;
  const go = (to: number) => {
    setIndex(to);
    announce(`pair ${to + 1}`);
  };
  const forward = async () => {
    if (!isLast) return go(index + 1);
    if (await more()) go(index + 1);
  };
  return (
    <section aria-labelledby="whole">
      <div class="head-line">
        <h2 id="whole">
          Whole answers <small>{pair === undefined ? "" : `pair ${number(index + 1)} of those that are stored`}</small>
        </h2>
        {pair !== undefined && (
          <div class="pager">
            <button type="button" disabled={index === 0} onClick={() => go(index - 1)}>
              ‹ earlier
            </button>
            <button type="button" disabled={isAsking || (isLast && next === null)} onClick={forward}>
              later ›
            </button>
          </div>
        )}
      </div>
      {fault !== undefined && <FaultNote fault={fault} />}
      {pair === undefined && isAsking && <Loading what="The stored pair" lines={6} />}
      {pair === undefined && !isAsking && fault === undefined && (
        <Empty title="No stored pair shows it">
          <p>The archive has expired, or the place is one of many that are counted together.</p>
        </Empty>
      )}
      {pair !== undefined && <OnePair key={pair.pair} pair={pair} place={finding.place} />}
    </section>
  );
};

const usePairs = (env: string, finding: string) => {
  const { api } = useStore();
  const [pairs, setPairs] = useState<readonly Pair[]>([]);
  const [next, setNext] = useState<string | null>("");
  const [fault, setFault] = useState<ApiFault>();
  const [isAsking, setAsking] = useState(true);
  const isGone = useRef(false);
  /** True: there is at least one pair more. */
  const more = async (): Promise<boolean> => {
    setAsking(true);
    try {
      for (let cursor = next; cursor !== null; ) {
        const query = { limit: PAGE_SIZE, ...(cursor === "" ? {} : { cursor }) };
        const found = await api.call("GET /environments/{id}/diffs/{findingId}/pairs", {
          params: { id: env, findingId: finding },
          query,
        });
        if (isGone.current) return false;
        cursor = found.next;
        setNext(cursor);
        if (found.pairs.length === 0) continue;
        setPairs((known) => [...known, ...found.pairs]);
        return true;
      }
      return false;
    } catch (error) {
      if (error instanceof ApiFault && !isGone.current) setFault(error);
      return false;
    } finally {
      if (!isGone.current) setAsking(false);
    }
  };
  // The first page is asked for once.
  useEffect(() => {
    void more();
    return () => {
      isGone.current = true;
    };
  }, []);
  return { pairs, next, fault, isAsking, more };
};

const OnePair = ({ pair, place }: { readonly pair: Pair; readonly place: string }) => {
  const answers = [pair.primary, pair.candidate, ...(pair.secondary === null ? [] : [pair.secondary])];
  return (
    <div class="card whole">
      <p class="whole-request">
        <code>
          <b>{visible(pair.method)}</b> {visible(pair.target)}
        </code>
        <span class="soft">
          {time(pair.at)}, {visible(pair.pair)}
        </span>
      </p>
      <LaneGrid lanes={answers.length} label="Status and time of the answers">
        <LaneHead lanes={answers.length} first="" />
        <LaneRow name="status" isHere={place === "status" || place === "failure"}>
          <LaneCells texts={answers.map(statusOf)} />
        </LaneRow>
        <LaneRow name="time">
          {answers.map(({ ms }, lane) => (
            <PlainCell key={LANES[lane]} lane={lane}>
              {milliseconds(ms)}
            </PlainCell>
          ))}
        </LaneRow>
      </LaneGrid>
      <Headers answers={answers} place={place} />
      <Bodies answers={answers} place={place} />
      <Request pair={pair} />
    </div>
  );
};

const statusOf = ({ status, failure }: Answer): string => (status === null ? `failed: ${failure}` : String(status));

const Headers = ({ answers, place }: { readonly answers: readonly Answer[]; readonly place: string }) => {
  const lists = answers.map(({ headers }) => headers);
  if (lists.every((list) => list === null))
    return (
      <p class="whole-note soft">Headers: the same in all lanes, those that always differ aside; they are not kept.</p>
    );
  const names = [...new Set(lists.flatMap((list) => (list ?? []).map(({ name }) => name.toLowerCase())))].sort();
  const rows = names.map((name) => {
    const texts = lists.map((list) => {
      const its = (list ?? []).filter((one) => one.name.toLowerCase() === name).map(({ value }) => value);
      return its.length === 0 ? undefined : its.join("\n");
    });
    return { name, texts };
  });
  return (
    <LaneGrid lanes={answers.length} label="Headers of the answers">
      <LaneHead lanes={answers.length} first="header" />
      {rows.map(({ name, texts }) => (
        <LaneRow key={name} name={<code>{visible(name)}</code>} isHere={place === `header/${name}`}>
          <LaneCells texts={texts} />
        </LaneRow>
      ))}
    </LaneGrid>
  );
};

const Bodies = ({ answers, place }: { readonly answers: readonly Answer[]; readonly place: string }) => {
  const texts = useMemo(() => answers.map(({ body }) => body?.text ?? undefined), [answers]);
  const values = useMemo(() => jsonOf(texts), [texts]);
  const [{ body: first } = { body: null }] = answers;
  if (first?.equal)
    return <p class="whole-note soft">Body: the same in all lanes, {plural(first.bytes, "byte")}; it is not kept.</p>;
  if (answers.every(({ body }) => body === null || (body.text === null && body.bytes > 0)))
    return (
      <p class="whole-note soft">
        Body: no text ({answers.map(({ body }) => (body === null ? "none" : plural(body.bytes, "byte"))).join(", ")});
        it is not kept.
      </p>
    );
  const cut = answers.filter(({ body }) => body?.cut).length;
  return (
    <>
      {values === undefined ? (
        <TextView texts={texts.map((text) => text ?? "")} />
      ) : (
        <JsonView values={values} place={place} />
      )}
      {cut > 0 && (
        <p class="whole-note soft">Only the beginning of {plural(cut, "body").replace("bodys", "bodies")} is kept.</p>
      )}
    </>
  );
};

/** Undefined unless all that answered are JSON. */
const jsonOf = (texts: readonly (string | undefined)[]): readonly unknown[] | undefined => {
  const read = texts.map((text) => (text === undefined || text === "" ? { value: undefined } : readLossless(text)));
  if (read.some((one) => one === undefined) || read.every((one) => one?.value === undefined)) return undefined;
  return read.map((one) => one?.value);
};

const Request = ({ pair: { requestHeaders, requestBody } }: { readonly pair: Pair }) => (
  <details class="whole-more">
    <summary>
      Request: {plural(requestHeaders.length, "header")}, {plural(requestBody.bytes, "byte")} of body
    </summary>
    <pre>
      {requestHeaders.map(({ name, value }) => `${visible(name)}: ${visible(value)}`).join("\n")}
      {requestBody.bytes > 0 &&
        `\n\n${requestBody.text === null ? "(no text)" : requestBody.text.split("\n").map(visible).join("\n")}`}
    </pre>
    <p class="soft">
      As it is kept: values that are <Term word="redacted" /> stand as <code>~r:…</code>.
    </p>
  </details>
);
