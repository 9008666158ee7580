import { useEffect, useRef, useState } from "preact/hooks";
import { number, percent, plural, time, visible } from "../../../core/report/text.ts";
import type { Recheck } from "../../api-shapes.js";
import { ApiFault } from "../api.ts";
import { useStore } from "../live.ts";
import type { PageProps } from "../page.ts";
import { announce } from "../parts/announcer.tsx";
import { RecheckDialog } from "../parts/recheck-dialog.tsx";
import { Empty, FaultNote, Loading } from "../parts/states.tsx";
import { definedBy } from "../parts/term.tsx";
import { hrefOf } from "../router.ts";

type Found = Recheck["findings"][number];

/** The words of `env recheck`, the most urgent first. */
const STATES = {
  stillThere: ["still there", "bad"],
  unclear: ["unclear", "wait"],
  unseen: ["not seen again", "wait"],
  goneOnBoth: ["gone on both", "wait"],
  notSent: ["cannot be re-sent", "wait"],
  pending: ["not finished", ""],
  fixed: ["fixed", "good"],
} as const satisfies Record<Found["state"], readonly [name: string, tone: string]>;
const ORDER = Object.keys(STATES) as Found["state"][];

/** Which findings are fixed: what was sent again last, and sending again. */
export const RecheckPage = ({ params }: PageProps) => {
  const env = params.id ?? "";
  const { recheck, setRecheck, fault, isLoading } = useLatest(env);
  const [begun, setBegun] = useState<Recheck>();
  const { choose, isChoosing, chooseFault } = useChoose(env, setBegun);
  return (
    <section aria-labelledby="recheck">
      <div class="head-line tight">
        <h2 id="recheck">
          Recheck <small>{recheck === undefined ? "" : `of ${time(recheck.at)}, by ${visible(recheck.who)}`}</small>
        </h2>
        <button type="button" class="button" disabled={isChoosing} onClick={choose}>
          Ask again…
        </button>
      </div>
      {chooseFault !== undefined && <FaultNote fault={chooseFault} />}
      {fault !== undefined && <FaultNote fault={fault} />}
      {isLoading && <Loading what="The latest recheck" lines={5} />}
      {!isLoading && fault === undefined && recheck === undefined && (
        <Empty title="Nothing was rechecked yet">
          <p>
            You mended the candidate and started it anew? Stored requests that showed findings can be sent again, to see
            which are fixed, without waiting for traffic.
          </p>
        </Empty>
      )}
      {recheck !== undefined && <Result env={env} recheck={recheck} />}
      {begun !== undefined && (
        <RecheckDialog env={env} begun={begun} onStep={setRecheck} onClose={() => setBegun(undefined)} />
      )}
    </section>
  );
};

const useLatest = (env: string) => {
  const { api } = useStore();
  const [recheck, setRecheck] = useState<Recheck>();
  const [fault, setFault] = useState<ApiFault>();
  const [isLoading, setLoading] = useState(true);
  useEffect(() => {
    let isGone = false;
    api
      .call("GET /environments/{id}/recheck", { params: { id: env } })
      .then(
        (found) => !isGone && setRecheck(found),
        (error) => !isGone && error instanceof ApiFault && error.status !== 404 && setFault(error),
      )
      .finally(() => !isGone && setLoading(false));
    return () => {
      isGone = true;
    };
  }, [api, env]);
  return { recheck, setRecheck, fault, isLoading };
};

/** Chooses what would be sent; nothing is. */
const useChoose = (env: string, chosen: (recheck: Recheck) => void) => {
  const { api } = useStore();
  const [isChoosing, setChoosing] = useState(false);
  const [chooseFault, setFault] = useState<ApiFault>();
  const isOn = useRef(false);
  const choose = async () => {
    if (isOn.current) return;
    isOn.current = true;
    setChoosing(true);
    setFault(undefined);
    try {
      chosen(await api.call("POST /environments/{id}/recheck", { params: { id: env }, body: {} }));
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      setFault(error);
      announce(error.message);
    } finally {
      isOn.current = false;
      setChoosing(false);
    }
  };
  return { choose, isChoosing, chooseFault };
};

const Result = ({ env, recheck }: { readonly env: string; readonly recheck: Recheck }) => {
  const { findings, done, total, requests, lanes, others } = recheck;
  const sorted = findings.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const counts = ORDER.map((state) => [state, findings.filter((one) => one.state === state).length] as const);
  return (
    <>
      <p class="recheck-counts">
        {counts
          .filter(([, count]) => count > 0)
          .map(([state, count]) => (
            <span key={state} class={`pill ${STATES[state][1]}`} data-state={state}>
              {number(count)} {STATES[state][0]}
            </span>
          ))}
      </p>
      <p class="soft">
        {plural(requests, "request")}, {number(done)} of {plural(total, "repetition")} sent to{" "}
        <code>{visible(lanes.candidate)}</code> and, twice, to <code>{visible(lanes.control)}</code> (
        {lanes.controlIs === "baseline" ? "the baseline itself as control" : "control"})
      </p>
      {sorted.length === 0 ? (
        <Empty title="There was no confirmed finding to recheck" />
      ) : (
        <ul class="card rows">
          {sorted.map((found) => (
            <li key={found.id}>
              <FoundRow env={env} found={found} />
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <>
          <h3>Otherwise than in the run</h3>
          <ul class="card rows">
            {others.map(({ endpoint, place, kind, count }) => (
              <li key={`${endpoint}${place}${kind}`} class="row">
                <span class="pill">{kind}</span>
                <code>{visible(`${endpoint} ${place}`)}</code>
                <span class="soft row-end">in {plural(count, "repetition")}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
};

const FoundRow = ({ env, found }: { readonly env: string; readonly found: Found }) => {
  const { id, endpoint, place, kind, state, reason, repetitions, shown, confidence, example } = found;
  const [name, tone] = STATES[state];
  return (
    <a class="row cause recheck-row" href={hrefOf(["env", env, "findings", id])}>
      <span class={`pill ${tone}`}>{name}</span>
      <span class="where">
        <code>{visible(place)}</code>
        <span class="soft">
          {visible(endpoint)} <span {...definedBy("kind")}>{kind}</span>
        </span>
      </span>
      <span class="from-to">
        {example === null ? (
          visible(reason)
        ) : (
          <>
            <code class="ours">{visible(example.control) || "nothing"}</code>
            <span role="img" aria-label="became">
              →
            </span>
            <code class="theirs">{visible(example.candidate) || "nothing"}</code>
          </>
        )}
      </span>
      <span class="reach">
        <b>
          {number(shown)} of {number(repetitions)}
        </b>
        <span class="soft">{confidence === null ? "" : `${percent(confidence)} sure`}</span>
      </span>
    </a>
  );
};
