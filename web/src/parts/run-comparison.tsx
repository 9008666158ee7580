import type { ComponentChildren } from "preact";
import { number, percent, plural, visible } from "../../../core/report/text.ts";
import type { RunsCompared } from "../../api-shapes.js";
import { useLive } from "../live.ts";
import { hrefOf } from "../router.ts";
import { Shown } from "./states.tsx";

type Seen = RunsCompared["appeared"][number]["b"];
type Named = Pick<RunsCompared["stayed"][number], "id" | "endpoint" | "place" | "kind">;

interface RunComparisonProps {
  readonly env: string;
  /** Attempts, or ids of runs. */
  readonly a: string;
  readonly b: string;
}

/** Findings that appeared from a to b, that vanished, and that stayed. */
export const RunComparison = ({ env, a, b }: RunComparisonProps) => {
  const live = useLive("GET /environments/{id}/runs/compare", { params: { id: env }, query: { a, b } });
  return (
    <Shown live={live} what="The comparison" lines={6}>
      {(compared) => <Lists env={env} compared={compared} />}
    </Shown>
  );
};

const Lists = ({ env, compared }: { readonly env: string; readonly compared: RunsCompared }) => {
  const { caution, appeared, vanished, stayed, totals } = compared;
  const { a, b } = compared;
  return (
    <>
      <p class="soft compared-head">
        Attempt {a.attempt}: {number(a.diverging)} of {plural(a.pairs, "pair")} diverging. Attempt {b.attempt}:{" "}
        {number(b.diverging)} of {plural(b.pairs, "pair")} diverging.
      </p>
      {caution !== null && (
        <div class="note wait" role="note">
          <strong>With caution</strong>
          <p>{visible(caution)}</p>
        </div>
      )}
      <List title="Appeared" tone="bad" total={totals.appeared} nothing="No finding is new.">
        {appeared.map((one) => (
          <Row key={one.id} env={env} finding={one}>
            <Share seen={one.b} />
          </Row>
        ))}
      </List>
      <List title="Vanished" tone="good" total={totals.vanished} nothing="No finding is gone.">
        {vanished.map((one) => (
          <Row key={one.id} env={undefined} finding={one}>
            <Share seen={one.a} />{" "}
            <span class="soft">before; {plural(one.pairsInB, "pair")} of this endpoint since</span>
          </Row>
        ))}
      </List>
      <List title="Stayed" tone="" total={totals.stayed} nothing="No finding is in both.">
        {stayed.map((one) => (
          <Row key={one.id} env={env} finding={one}>
            <Share seen={one.a} />{" "}
            <span role="img" aria-label="became">
              →
            </span>{" "}
            <Share seen={one.b} />
          </Row>
        ))}
      </List>
    </>
  );
};

interface ListProps {
  readonly title: string;
  readonly tone: "good" | "bad" | "";
  readonly total: number;
  readonly nothing: string;
  readonly children: readonly ComponentChildren[];
}

const List = ({ title, tone, total, nothing, children }: ListProps) => (
  <section class="compared" aria-label={title}>
    <h3>
      {title} <span class={`pill ${total > 0 ? tone : ""}`}>{number(total)}</span>
    </h3>
    {total === 0 ? <p class="soft">{nothing}</p> : <ul class="card rows">{children}</ul>}
    {total > children.length && <p class="more soft">The {number(children.length)} most telling are shown.</p>}
  </section>
);

interface RowProps {
  /** Where the finding is of the present run, and has a page. */
  readonly env: string | undefined;
  readonly finding: Named;
  readonly children: ComponentChildren;
}

const Row = ({ env, finding: { id, endpoint, place, kind }, children }: RowProps) => {
  const what = (
    <>
      <span class="pill">{kind}</span>
      <span class="where">
        <code>{visible(place)}</code> <span class="soft">{visible(endpoint)}</span>
      </span>
      <span class="row-end">{children}</span>
    </>
  );
  return (
    <li>
      {env === undefined ? (
        <div class="row">{what}</div>
      ) : (
        <a class="row" href={hrefOf(["env", env, "findings", id])}>
          {what}
        </a>
      )}
    </li>
  );
};

const Share = ({ seen: { count, pairs } }: { readonly seen: Seen }) => (
  <span title={`${number(count)} of ${plural(pairs, "pair")}`}>{percent(count / Math.max(1, pairs))}</span>
);
