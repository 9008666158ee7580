import type { ComponentChildren } from "preact";
import { type Parted, parted } from "../../../core/report/difference.ts";
import { visible } from "../../../core/report/text.ts";
import { Term } from "../parts/term.tsx";

export const LANES = ["primary", "candidate", "secondary"] as const;

/** A head above columns of lanes. */
export const LaneHead = ({ lanes, first }: { readonly lanes: number; readonly first: string }) => (
  <div class="lane-row lane-head" role="row">
    <div role="columnheader">{first}</div>
    {LANES.slice(0, lanes).map((lane) => (
      <div key={lane} role="columnheader">
        <Term word={lane} />
      </div>
    ))}
  </div>
);

export const LaneGrid = ({
  lanes,
  label,
  children,
}: {
  readonly lanes: number;
  readonly label: string;
  readonly children: ComponentChildren;
}) => (
  <div class={`lanes lanes-${lanes}`} role="table" aria-label={label}>
    {children}
  </div>
);

interface LaneRowProps {
  readonly name: ComponentChildren;
  /** Steps below the first column. */
  readonly depth?: number;
  /** Where the finding stands that is looked at. */
  readonly isHere?: boolean;
  readonly children: ComponentChildren;
}

const MAX_INDENT_STEPS = 24;

export const LaneRow = ({ name, depth = 0, isHere = false, children }: LaneRowProps) => (
  <div class={`lane-row${isHere ? " here" : ""}`} role="row">
    <div role="rowheader" class="lane-name" style={{ paddingLeft: `${10 + Math.min(depth, MAX_INDENT_STEPS) * 14}px` }}>
      {name}
      {isHere && <span class="here-mark">this finding</span>}
    </div>
    {children}
  </div>
);

interface PlainCellProps {
  readonly lane: number;
  /** As the primary's. */
  readonly isSame?: boolean;
  readonly children: ComponentChildren;
}

/** Text of a lane that is compared with no other. */
export const PlainCell = ({ lane, isSame = false, children }: PlainCellProps) => (
  <div role="cell" class={`lane-cell soft${isSame ? " same" : ""}`} data-lane={LANES[lane]}>
    {children}
  </div>
);

interface LaneCellsProps {
  /** One for each lane; undefined where it has nothing. */
  readonly texts: readonly (string | undefined)[];
}

/**
 * The text of each lane, with what differs from the primary's marked: against the candidate where it stands alone, as noise where the
 * secondary differs as well.
 */
export const LaneCells = ({ texts }: LaneCellsProps) => {
  const [primary, candidate] = texts;
  const isNoisy = texts.length > 2 && texts[2] !== primary;
  const differs = texts.some((text) => text !== primary);
  return (
    <>
      {texts.map((text, lane) => {
        const other = lane === 0 ? (candidate === primary ? texts[2] : candidate) : primary;
        const isSame = lane > 0 && text === primary;
        const tone = isNoisy ? "noisy" : lane === 0 ? "ours" : "theirs";
        return (
          <Cell
            key={LANES[lane]}
            lane={LANES[lane]!}
            tone={isSame ? "same" : differs ? tone : ""}
            text={text === undefined ? undefined : visible(text)}
            parts={text === other ? undefined : parted(visible(text ?? ""), visible(other ?? ""))[0]}
          />
        );
      })}
    </>
  );
};

interface CellProps {
  readonly lane: string;
  readonly tone: string;
  readonly text: string | undefined;
  readonly parts: Parted | undefined;
}

const Cell = ({ lane, tone, text, parts }: CellProps) => (
  <div role="cell" class={`lane-cell ${tone}`} data-lane={lane}>
    {text === undefined || text === "" ? (
      <span class="soft">nothing</span>
    ) : (
      <code>{parts === undefined ? text : <Marked {...parts} />}</code>
    )}
  </div>
);

const Marked = ({ before, own, after }: Parted) => (
  <>
    {before}
    {own !== "" && <mark>{own}</mark>}
    {after}
  </>
);
