import { number, time, visible } from "../../../core/report/text.ts";
import type { Runs } from "../../api-shapes.js";
import { useLive } from "../live.ts";
import type { PageProps } from "../page.ts";
import { RunComparison } from "../parts/run-comparison.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { Term } from "../parts/term.tsx";
import { VerdictPill } from "../parts/verdict-pill.tsx";
import { replaceQuery } from "../router.ts";

type Run = Runs["runs"][number];

/** What was compared before, what was decided on it, and what is otherwise now. */
export const RunsPage = ({ params, query }: PageProps) => {
  const id = params.id ?? "";
  const live = useLive("GET /environments/{id}/runs", { params: { id } });
  return (
    <Shown live={live} what="The runs" lines={6}>
      {({ runs }) => (
        <>
          <h2>
            Runs <small>{number(runs.length)}</small>
          </h2>
          <ul class="card rows">
            {runs.map((run) => (
              <li key={run.id}>
                <RunRow run={run} />
              </li>
            ))}
          </ul>
          <Comparison env={id} runs={runs} query={query} />
        </>
      )}
    </Shown>
  );
};

const RunRow = ({ run }: { readonly run: Run }) => {
  const { id, attempt, startedAt, baselineVersion, candidateVersion, current, verdicts, release } = run;
  const last = verdicts.at(-1);
  return (
    <div class="run" data-run={attempt}>
      <div class="run-head">
        <span class="row-name">
          <Term word="attempt">Attempt</Term> {attempt}
        </span>
        {current && <span class="pill">present</span>}
        <span>
          <b>{visible(candidateVersion)}</b> <span class="soft">against</span> <b>{visible(baselineVersion)}</b>
        </span>
        <span class="soft">
          since {time(startedAt)}, <code>{visible(id)}</code>
        </span>
        <span class="row-end">
          {last === undefined ? <span class="pill">not judged yet</span> : <VerdictPill verdict={last.verdict} />}
        </span>
      </div>
      {last !== undefined && <p class="soft">{visible(last.reason)}</p>}
      {verdicts.length > 1 && <History verdicts={verdicts} />}
      {release !== null && <Evidence release={release} />}
    </div>
  );
};

/** Each change of the verdict. */
const History = ({ verdicts }: Pick<Run, "verdicts">) => (
  <details class="run-more">
    <summary>{number(verdicts.length)} verdicts one after the other</summary>
    <ol class="history">
      {verdicts.map(({ at, verdict, reason, pairs }) => (
        <li key={at}>
          <span class="soft">{time(at)}</span> <VerdictPill verdict={verdict} /> {number(pairs)} pairs:{" "}
          {visible(reason)}
        </li>
      ))}
    </ol>
  </details>
);

const OUTCOME_WORDS = {
  releasing: "is being released",
  released: "was released",
  rolledBack: "was rolled back",
  failed: "failed",
} as const;

/** What the release rests on, kept as it was. */
const Evidence = ({ release }: { readonly release: NonNullable<Run["release"]> }) => {
  const { id, at, who, outcome, because, evidence } = release;
  return (
    <div class="evidence">
      <p>
        <b>
          <code>{visible(id)}</code> {OUTCOME_WORDS[outcome]}
        </b>{" "}
        by {visible(who)} at {time(at)}, on this evidence:
      </p>
      <p>
        <VerdictPill verdict={evidence.verdict} /> {number(evidence.pairs)} pairs: {visible(evidence.reason)}
      </p>
      {because !== null && (
        <p>
          <b>By force:</b> {visible(because)}
        </p>
      )}
    </div>
  );
};

interface ComparisonProps {
  readonly env: string;
  readonly runs: readonly Run[];
  readonly query: PageProps["query"];
}

/** Which two is in the address. */
const Comparison = ({ env, runs, query }: ComparisonProps) => {
  if (runs.length < 2)
    return (
      <>
        <h2>What is otherwise</h2>
        <Empty title="There is one run so far">
          <p>Another version begins the next one; then this page says which findings appeared, vanished and stayed.</p>
        </Empty>
      </>
    );
  const a = query.a ?? String(runs[1]!.attempt);
  const b = query.b ?? String(runs[0]!.attempt);
  return (
    <section aria-labelledby="compared">
      <div class="head-line">
        <h2 id="compared">What is otherwise</h2>
        <search class="filters">
          <RunChoice label="from" runs={runs} chosen={a} choose={(attempt) => replaceQuery({ a: attempt })} />
          <RunChoice label="to" runs={runs} chosen={b} choose={(attempt) => replaceQuery({ b: attempt })} />
        </search>
      </div>
      <RunComparison env={env} a={a} b={b} />
    </section>
  );
};

interface RunChoiceProps {
  readonly label: string;
  readonly runs: readonly Run[];
  readonly chosen: string;
  readonly choose: (attempt: string) => void;
}

const RunChoice = ({ label, runs, chosen, choose }: RunChoiceProps) => (
  <label>
    {label}{" "}
    <select value={chosen} onChange={({ currentTarget }) => choose(currentTarget.value)}>
      {runs.map(({ attempt, candidateVersion }) => (
        <option key={attempt} value={String(attempt)}>
          attempt {attempt}: {visible(candidateVersion)}
        </option>
      ))}
    </select>
  </label>
);
