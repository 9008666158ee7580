import { number, percent, plural, time, visible } from "../../../core/report/text.ts";
import type { PageProps } from "../page.ts";
import { replaceQuery } from "../router.ts";
import { type Span, useTimeline } from "../use-timeline.ts";
import { Empty, Loading } from "./states.tsx";
import { TimePlot } from "./time-plot.tsx";

const HOUR_MS = 3_600_000;
const RANGES = {
  "1h": { title: "last hour", spanMs: HOUR_MS, grain: "minute" },
  "6h": { title: "last 6 hours", spanMs: 6 * HOUR_MS, grain: "minute" },
  "2d": { title: "last 2 days", spanMs: 48 * HOUR_MS, grain: "hour" },
  "14d": { title: "last 14 days", spanMs: 336 * HOUR_MS, grain: "hour" },
} as const;
type RangeName = keyof typeof RANGES;
const MAX_MARKS = 5;

interface TimelineProps {
  readonly env: string;
  readonly query: PageProps["query"];
}

/** How much diverged when, and what was changed then. */
export const TimelinePanel = ({ env, query }: TimelineProps) => {
  const name = Object.hasOwn(RANGES, query.range ?? "") ? (query.range as RangeName) : "1h";
  const { spanMs, grain, title } = RANGES[name];
  const span = useTimeline(env, spanMs, grain);
  return (
    <section aria-labelledby="timeline" class="timeline">
      <div class="head-line">
        <h2 id="timeline">
          Over time <small>{grain === "minute" ? "by minutes" : "by hours"}</small>
        </h2>
        <label class="filters">
          <span class="hidden">Span of time</span>
          <select value={name} onChange={({ currentTarget }) => replaceQuery({ range: currentTarget.value })}>
            {Object.entries(RANGES).map(([key, range]) => (
              <option key={key} value={key}>
                {range.title}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="card timeline-card">
        {span === undefined ? (
          <Loading what="The timeline" lines={6} />
        ) : span.buckets.length === 0 ? (
          <Empty title={`No pairs in the ${title}`} />
        ) : (
          <Plotted span={span} />
        )}
      </div>
    </section>
  );
};

const Plotted = ({ span }: { readonly span: Span }) => {
  const { buckets, marks } = span;
  const pairs = buckets.reduce((sum, bucket) => sum + bucket.pairs, 0);
  const diverging = buckets.reduce((sum, bucket) => sum + bucket.diverging, 0);
  const latest = marks.toReversed().slice(0, MAX_MARKS);
  return (
    <>
      <TimePlot
        span={span}
        label={`Share of pairs that diverge over time: ${number(diverging)} of ${plural(pairs, "pair")}, ${percent(diverging / Math.max(1, pairs))}`}
      />
      {latest.length > 0 && (
        <ol class="marks">
          {latest.map(({ at, kind, text, who }) => (
            <li key={`${at}${kind}${text}`}>
              <span class="soft">{time(at).slice(11)}</span> <b>{kind}</b> {visible(text)}
              {who !== null && <span class="soft"> by {visible(who)}</span>}
            </li>
          ))}
        </ol>
      )}
    </>
  );
};
