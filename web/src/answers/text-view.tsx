import { useMemo, useState } from "preact/hooks";
import { plural } from "../../../core/report/text.ts";
import { aligned } from "./align.ts";
import { LaneCells, LaneGrid, LaneHead, LaneRow } from "./lane-grid.tsx";

/** Equal lines shown around those that differ. */
const AROUND = 2;
const MAX_LINES = 2_000;

interface Line {
  readonly numbers: readonly (number | undefined)[];
  readonly texts: readonly (string | undefined)[];
  readonly differs: boolean;
}

const linesOf = (texts: readonly string[]): readonly Line[] => {
  const lists = texts.map((text) => text.split(/\r?\n/).slice(0, MAX_LINES));
  return aligned(lists).map((indexes) => {
    const its = indexes.map((index, lane) => (index === undefined ? undefined : lists[lane]![index]));
    return { numbers: indexes, texts: its, differs: its.some((text) => text !== its[0]) };
  });
};

/** Texts line by line; runs of equal lines are folded. */
export const TextView = ({ texts }: { readonly texts: readonly string[] }) => {
  const lines = useMemo(() => linesOf(texts), [texts]);
  const [isWhole, setWhole] = useState(false);
  const near = new Set(
    lines.flatMap(({ differs }, index) =>
      differs ? Array.from({ length: 2 * AROUND + 1 }, (_, i) => index - AROUND + i) : [],
    ),
  );
  const shown = lines.map((line, index) => ({ line, index })).filter(({ index }) => isWhole || near.has(index));
  const hidden = lines.length - shown.length;
  return (
    <>
      <LaneGrid lanes={texts.length} label="Bodies of the answers">
        <LaneHead lanes={texts.length} first="line" />
        {shown.map(({ line, index }) => (
          <LaneRow key={index} name={line.numbers.map((one) => (one === undefined ? "–" : one + 1)).join(" ")}>
            <LaneCells texts={line.texts} />
          </LaneRow>
        ))}
      </LaneGrid>
      {hidden > 0 && (
        <p class="more">
          <button type="button" class="link" onClick={() => setWhole(true)}>
            Show {plural(hidden, "line")} that {hidden === 1 ? "is" : "are"} the same
          </button>
        </p>
      )}
    </>
  );
};
