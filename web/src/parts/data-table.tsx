import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Word } from "../glossary.ts";
import { definedBy } from "./term.tsx";

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly word?: Word;
  readonly isNumber?: boolean;
  /** Undefined: no sorting by it. */
  readonly sortBy?: (row: Row) => number | string;
  readonly cell: (row: Row) => ComponentChildren;
}

export interface Sorting {
  readonly key: string;
  readonly isDescending: boolean;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly count: number;
  /** Undefined while it is not known yet. */
  readonly rowAt: (index: number) => Row | undefined;
  readonly keyOf: (row: Row) => string;
  readonly sorting?: Sorting | undefined;
  readonly onSort?: (key: string) => void;
  /** Told which rows are on the page. */
  readonly onSeen?: (from: number, to: number) => void;
}

/** So many rows beyond what is seen, so that a page further is there at once. */
const SPARE_ROWS = 12;
const ROW_GUESS_PX = 45;

/** A table of any length: only the rows near the window are in the page, all of one height. */
export const DataTable = <Row,>({
  label,
  columns,
  count,
  rowAt,
  keyOf,
  sorting,
  onSort,
  onSeen,
}: DataTableProps<Row>) => {
  const body = useRef<HTMLDivElement>(null);
  const { from, to, rowPx } = useWindow(body, count);
  useLayoutEffect(() => onSeen?.(from, to), [from, to, onSeen]);
  const rows = Array.from({ length: Math.max(0, to - from) }, (_, i) => [from + i, rowAt(from + i)] as const);
  return (
    <div class="card table" role="table" aria-label={label} aria-rowcount={count + 1}>
      <div class="table-head" role="row" aria-rowindex={1}>
        {columns.map((column) => (
          <HeadCell key={column.key} column={column} sorting={sorting} onSort={onSort} />
        ))}
      </div>
      <div
        ref={body}
        class="table-body"
        role="rowgroup"
        style={{ paddingTop: `${from * rowPx}px`, paddingBottom: `${Math.max(0, count - to) * rowPx}px` }}
      >
        {rows.map(([index, row]) => (
          <div key={row === undefined ? index : keyOf(row)} class="table-row" role="row" aria-rowindex={index + 2}>
            {columns.map(({ key, title, isNumber, cell }) => (
              <div key={key} role="cell" class={`cell-${key}${isNumber ? " number" : ""}`} data-title={title}>
                {row === undefined ? <span class="skeleton" /> : cell(row)}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
};

interface HeadCellProps<Row> {
  readonly column: Column<Row>;
  readonly sorting: Sorting | undefined;
  readonly onSort: ((key: string) => void) | undefined;
}

const HeadCell = <Row,>({ column, sorting, onSort }: HeadCellProps<Row>) => {
  const { key, title, word, isNumber, sortBy } = column;
  const isSorted = sorting?.key === key;
  const order = isSorted ? (sorting.isDescending ? "descending" : "ascending") : undefined;
  const explained = word === undefined ? {} : definedBy(word);
  return (
    <div role="columnheader" class={`cell-${key}${isNumber ? " number" : ""}`} aria-sort={order}>
      {sortBy === undefined || onSort === undefined ? (
        <span {...explained}>{title}</span>
      ) : (
        <button type="button" class="sort" onClick={() => onSort(key)} {...explained}>
          {title}
          <span aria-hidden="true">{order === "descending" ? " ↓" : order === "ascending" ? " ↑" : ""}</span>
        </button>
      )}
    </div>
  );
};

/** Which rows the window shows, as the page is scrolled. */
const useWindow = (body: { readonly current: HTMLElement | null }, count: number) => {
  const [shown, setShown] = useState({ from: 0, to: Math.min(count, 40), rowPx: ROW_GUESS_PX });
  const rowPx = useRef(ROW_GUESS_PX);
  useLayoutEffect(() => {
    const look = () => {
      if (body.current === null) return;
      const row = body.current.querySelector<HTMLElement>(".table-row");
      if (row !== null) rowPx.current = row.getBoundingClientRect().height;
      const { top } = body.current.getBoundingClientRect();
      const first = Math.floor(-top / rowPx.current) - SPARE_ROWS;
      const last = Math.ceil((innerHeight - top) / rowPx.current) + SPARE_ROWS;
      const from = Math.max(0, Math.min(first, count - 1));
      const to = Math.min(count, Math.max(last, from + SPARE_ROWS));
      setShown((now) =>
        now.from === from && now.to === to && now.rowPx === rowPx.current ? now : { from, to, rowPx: rowPx.current },
      );
    };
    look();
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    // What stands above may grow or shrink.
    const sizes = new ResizeObserver(look);
    sizes.observe(document.body);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
      sizes.disconnect();
    };
  }, [body, count]);
  return { ...shown, to: Math.min(shown.to, count) };
};
