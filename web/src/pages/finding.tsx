import { useState } from "preact/hooks";
import { number, percent, plural, time, visible } from "../../../core/report/text.ts";
import { findingSentence } from "../../../core/verdict/sentences.ts";
import type { Finding } from "../../api-shapes.js";
import { WholeAnswers } from "../answers/whole-answers.tsx";
import type { Word } from "../glossary.ts";
import { useLive } from "../live.ts";
import type { PageProps } from "../page.ts";
import { Examples } from "../parts/examples.tsx";
import { KindPill } from "../parts/kind-pill.tsx";
import { PlaceTree } from "../parts/place-tree.tsx";
import { RuleDialog } from "../parts/rule-dialog.tsx";
import { Shown } from "../parts/states.tsx";
import { definedBy, Term } from "../parts/term.tsx";
import { hrefOf } from "../router.ts";

/** One finding: where it stands in the answers, what each lane had, and what can be done about it. */
export const FindingPage = ({ params }: PageProps) => {
  const { id: env = "", finding: findingId = "" } = params;
  const live = useLive("GET /environments/{id}/diffs/{findingId}", { params: { id: env, findingId } });
  return (
    <Shown live={live} what="The finding" lines={10}>
      {({ finding }) => <OneFinding env={env} finding={finding} />}
    </Shown>
  );
};

const OneFinding = ({ env, finding }: { readonly env: string; readonly finding: Finding }) => {
  const [isAllowing, setAllowing] = useState(false);
  const environment = useLive("GET /environments/{id}", { params: { id: env } });
  const lanes = environment.data?.kind === "overlay" ? environment.data.lanes : [];
  const { endpoint, place, kind } = finding;
  const isNoiseKnown = finding.examples.some(({ secondary }) => secondary !== undefined);
  return (
    <>
      <header class="finding-head">
        <div>
          <h2>
            <KindPill finding={finding} /> <code>{visible(place)}</code>
          </h2>
          <p>
            <a href={hrefOf(["env", env, "findings"], { endpoint })}>
              <code>{visible(endpoint)}</code>
            </a>
          </p>
          <p class="soft">{visible(findingSentence(finding, isNoiseKnown))}</p>
        </div>
        <button type="button" class="button" onClick={() => setAllowing(true)} disabled={kind === "latency"}>
          Allow this difference…
        </button>
      </header>
      <Facts env={env} finding={finding} />
      {environment.data?.kind === "overlay" && environment.data.run.attempt > 1 && (
        <Before env={env} finding={finding} attempt={environment.data.run.attempt} />
      )}
      <div class="finding-body">
        <PlaceTree env={env} finding={finding} />
        <Examples examples={finding.examples} lanes={lanes} />
      </div>
      {kind !== "latency" && <WholeAnswers key={finding.id} env={env} finding={finding} />}
      {isAllowing && <RuleDialog env={env} finding={finding} onClose={() => setAllowing(false)} />}
    </>
  );
};

/** What the attempt before this one had here. */
const Before = ({
  env,
  finding: { id },
  attempt,
}: {
  readonly env: string;
  readonly finding: Finding;
  readonly attempt: number;
}) => {
  const before = attempt - 1;
  const query = { a: String(before), b: String(attempt) };
  const compared = useLive("GET /environments/{id}/runs/compare", { params: { id: env }, query }).data;
  if (compared === undefined) return null;
  const stayed = compared.stayed.find((one) => one.id === id);
  const appeared = compared.appeared.find((one) => one.id === id);
  if (stayed === undefined && appeared === undefined) return null;
  return (
    <p class="notes">
      {stayed === undefined
        ? `Attempt ${before} did not show it, in ${plural(compared.a.pairs, "pair")}.`
        : `Attempt ${before}: ${number(stayed.a.count)} of ${plural(stayed.a.pairs, "pair")}, ${percent(stayed.a.count / Math.max(1, stayed.a.pairs))}${stayed.a.confirmed ? "" : ", not confirmed"}.`}{" "}
      <a href={hrefOf(["env", env, "runs"], query)}>What else differs between the two</a>
    </p>
  );
};

const Facts = ({ env, finding }: { readonly env: string; readonly finding: Finding }) => {
  const { count, pairs, noise, masked, evidence, threshold, confirmed, signatures, firstAt, lastAt, group, id } =
    finding;
  const facts: readonly (readonly [word: Word, value: string, unit: string])[] = [
    ["count", number(count), `of ${number(pairs)} pairs, ${percent(count / Math.max(1, pairs))}`],
    ["noise", number(noise), "pairs: the secondary alone differs"],
    ["masked", number(masked), "pairs: all lanes differ"],
    [
      "evidence",
      evidence.toFixed(1),
      `of the ${threshold.toFixed(1)} it needs: ${confirmed ? "confirmed" : "not confirmed yet"}`,
    ],
    ["signatures", number(signatures), "sets of diverging places"],
    ["first seen", time(firstAt).slice(11), time(firstAt).slice(0, 10)],
    ["last seen", time(lastAt).slice(11), time(lastAt).slice(0, 10)],
  ];
  return (
    <>
      <dl class="card figures figures-7">
        {facts.map(([word, value, unit]) => (
          <div key={word}>
            <dt>
              <Term word={word} />
            </dt>
            <dd data-figure={word}>
              {value}
              <small>{unit}</small>
            </dd>
          </div>
        ))}
      </dl>
      <Notes env={env} finding={finding} isLed={group !== id} />
    </>
  );
};

const Notes = ({
  env,
  finding,
  isLed,
}: {
  readonly env: string;
  readonly finding: Finding;
  readonly isLed: boolean;
}) => {
  const { note, constantPerLane, group } = finding;
  if (note === null && !constantPerLane && !isLed) return null;
  return (
    <ul class="notes">
      {isLed && (
        <li>
          <span {...definedBy("cause")}>Same cause</span> as{" "}
          <a href={hrefOf(["env", env, "findings", group])}>{group}</a>.
        </li>
      )}
      {note !== null && <li>{visible(note)}</li>}
      {constantPerLane && (
        <li>Each lane always has one and the same value here: your change, or one that belongs to an instance.</li>
      )}
    </ul>
  );
};
