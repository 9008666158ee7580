import { number, percent, plural, visible } from "../../../core/report/text.ts";
import type { Finding } from "../../api-shapes.js";
import { useLive } from "../live.ts";
import { hrefOf } from "../router.ts";
import { KindPill } from "./kind-pill.tsx";
import { Empty, Shown } from "./states.tsx";

const CAUSES_SHOWN = 6;

/** One finding of each cause, most telling first. */
export const TopFindings = ({ env }: { readonly env: string }) => {
  const live = useLive("GET /environments/{id}/diffs", { params: { id: env }, query: { limit: 200 } });
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">
        Findings <small>{live.data === undefined ? "" : number(live.data.total)}</small>
      </h2>
      <Shown live={live} what="The findings" lines={5}>
        {({ findings, total }) => <Causes env={env} findings={findings} total={total} />}
      </Shown>
    </section>
  );
};

const Causes = ({
  env,
  findings,
  total,
}: {
  readonly env: string;
  readonly findings: readonly Finding[];
  readonly total: number;
}) => {
  if (total === 0)
    return (
      <Empty title="No findings">
        <p>Nowhere does the candidate differ more than the old version from itself.</p>
      </Empty>
    );
  const causes = [...Map.groupBy(findings, ({ group }) => group).values()].slice(0, CAUSES_SHOWN);
  return (
    <>
      <ul class="card rows">
        {causes.map(([first, ...others]) => (
          <li key={first!.id}>
            <CauseRow env={env} finding={first!} others={others.length} />
          </li>
        ))}
      </ul>
      <p class="more">
        <a href={hrefOf(["env", env, "findings"])}>All {plural(total, "finding")}</a>
      </p>
    </>
  );
};

interface CauseRowProps {
  readonly env: string;
  readonly finding: Finding;
  readonly others: number;
}

const CauseRow = ({ env, finding, others }: CauseRowProps) => {
  const { id, endpoint, place, count, pairs, examples } = finding;
  const [example] = examples;
  return (
    <a class="row cause" href={hrefOf(["env", env, "findings", id])}>
      <KindPill finding={finding} />
      <span class="where">
        <code>{visible(place)}</code>
        <span class="soft">{visible(endpoint)}</span>
      </span>
      <span class="from-to">
        {example !== undefined && (
          <>
            <code class="ours">{short(example.primary)}</code>
            <span role="img" aria-label="became">
              →
            </span>
            <code class="theirs">{short(example.candidate)}</code>
          </>
        )}
      </span>
      <span class="reach">
        <b>{percent(count / Math.max(1, pairs))}</b>
        <span class="soft">
          {number(count)} of {plural(pairs, "pair")}
          {others > 0 && `, ${number(others)} more of this cause`}
        </span>
      </span>
    </a>
  );
};

const SHORT_CHARS = 60;
const short = (value: string): string => {
  if (value === "") return "nothing";
  const shown = visible(value);
  return shown.length > SHORT_CHARS ? `${shown.slice(0, SHORT_CHARS)}…` : shown;
};
