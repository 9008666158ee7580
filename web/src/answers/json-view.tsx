import { useMemo, useState } from "preact/hooks";
import { number, visible } from "../../../core/report/text.ts";
import { MAX_ROWS, type Row, rowsOf } from "./json-rows.ts";
import { LANES, LaneCells, LaneGrid, LaneHead, LaneRow, PlainCell } from "./lane-grid.tsx";

interface JsonViewProps {
  readonly values: readonly unknown[];
  /** Of the finding that is looked at. */
  readonly place: string;
}

/** The answers of all lanes as one tree: what is the same in all is folded away. */
export const JsonView = ({ values, place }: JsonViewProps) => {
  const [turned, setTurned] = useState<ReadonlyMap<string, boolean>>(new Map());
  const rows = useMemo(() => rowsOf(values, (path, fallback) => turned.get(path) ?? fallback), [values, turned]);
  const turn = ({ path, isOpen }: Row) => setTurned(new Map([...turned, [path, !isOpen]]));
  return (
    <>
      <LaneGrid lanes={values.length} label="Bodies of the answers">
        <LaneHead lanes={values.length} first="body" />
        {rows.map((row) => (
          <LaneRow
            key={row.path}
            name={<Name row={row} onTurn={() => turn(row)} />}
            depth={row.depth}
            isHere={row.place === place}
          >
            <Cells row={row} />
          </LaneRow>
        ))}
      </LaneGrid>
      {rows.length >= MAX_ROWS && (
        <p class="soft more">Only the first {number(MAX_ROWS)} rows are shown: fold what you need not see.</p>
      )}
    </>
  );
};

const Cells = ({ row: { cells, differs, isOpen } }: { readonly row: Row }) => {
  if (isOpen === undefined)
    return <LaneCells texts={cells.map((cell) => (cell.kind === "absent" ? undefined : cell.text))} />;
  return (
    <>
      {cells.map((cell, lane) => (
        <PlainCell key={LANES[lane]} lane={lane} isSame={lane > 0 && (isOpen || !differs[lane])}>
          <code>{cell.kind === "absent" ? "nothing" : cell.text}</code>
          {differs[lane] && !isOpen && <span class="differs"> differs below</span>}
        </PlainCell>
      ))}
    </>
  );
};

const Name = ({ row: { name, depth, isOpen }, onTurn }: { readonly row: Row; readonly onTurn: () => void }) => {
  const label = name === "" ? (depth === 0 ? "body" : '""') : visible(name);
  if (isOpen === undefined) return <code>{label}</code>;
  return (
    <button type="button" class="fold" aria-expanded={isOpen} onClick={onTurn}>
      <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span> <code>{label}</code>
    </button>
  );
};
