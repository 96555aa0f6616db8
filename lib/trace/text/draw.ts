/** Draws rows of spans with bars and dots. Knows nothing of workers and elements. */
import type { Interval } from '../intervals.js';

/** What is drawn between two bars. */
export interface Piece extends Interval {
  readonly label: string;
  readonly failed?: boolean | undefined;
}

/** A line's name, and its pieces by start. */
export type Row = readonly [name: string, pieces: readonly Piece[]];

/** Columns of a picture with a column per unit of time; a longer one is drawn to scale. */
const LONGEST_BY_UNIT = 1000;

/** Pieces drawn together, between bars in the columns `from` and `to` that neighbours share. */
interface Cell {
  readonly from: number;
  to: number;
  /** Label of the first piece. */
  readonly label: string;
  count: number;
  failed: boolean;
}

/** With a column for a unit of time; undefined if that were too long. */
export function drawByUnit(rows: readonly Row[]): string[] | undefined {
  const cells = rows.map(([, pieces]) => cellsByUnit(pieces));
  if (cells.some((row) => (row.at(-1)?.to ?? 0) >= LONGEST_BY_UNIT)) return undefined;
  return paintAll(rows, cells);
}

/** With one scale, by which no line is longer than `width`. */
export function drawToScale(rows: readonly Row[], width: number): string[] {
  const column = scaleToFit(rows, width);
  return paintAll(
    rows,
    rows.map(([, pieces]) => cellsToScale(pieces, column)),
  );
}

function paintAll(rows: readonly Row[], cells: readonly (readonly Cell[])[]): string[] {
  return rows.map(([name], row) => (name + paint(cells[row]!)).trimEnd());
}

function cellsByUnit(pieces: readonly Piece[]): Cell[] {
  let [column, time] = [0, 0];
  return pieces.map((piece) => {
    const { start, end } = piece;
    const idle = Math.round(start - time);
    const from = idle > 0 ? column + idle + 1 : column;
    const cell = cellOf(piece, from, from + Math.round(end - start) + 1);
    if (!fits(cell)) cell.to = from + textOf(cell).length + 3;
    [column, time] = [cell.to, end];
    return cell;
  });
}

function scaleToFit(rows: readonly Row[], width: number): (time: number) => number {
  let perColumn = 0;
  for (const [name, pieces] of rows) {
    const end = pieces.reduce((latest, piece) => Math.max(latest, piece.end), 0);
    perColumn = Math.max(perColumn, end / (width - name.length - 1));
  }
  // Zero if nothing took any time.
  return (time) => (perColumn === 0 ? 0 : Math.round(time / perColumn));
}

function cellsToScale(pieces: readonly Piece[], column: (time: number) => number): Cell[] {
  const cells: Cell[] = [];
  for (const piece of pieces) {
    const here = cells.at(-1)?.to ?? 0;
    const isApart = column(piece.start) - here >= 2;
    const from = isApart ? column(piece.start) : here;
    const cell = cellOf(piece, from, Math.max(from, column(piece.end)));
    // Elements that have room of their own keep it while there is a group to join.
    if (isApart || fits(cell)) joinNarrowEnd(cells, isApart ? 1 : 2);
    const last = cells.at(-1);
    // A group that has little room goes on to the next element that has none.
    const isOpen = last && (!fits(last) || (last.count > 1 && !fits(last, 2) && !fits(cell)));
    if (isOpen && !isApart) join(last, cell);
    else cells.push(cell);
  }
  joinNarrowEnd(cells, 1);
  return cells;
}

/** Joins what is too narrow at the end to cells before it that touch it and hold at least `count`. */
function joinNarrowEnd(cells: Cell[], count: number): void {
  for (let last; (last = cells.at(-1)) && !fits(last); cells.pop()) {
    const before = cells.at(-2);
    if (before?.to !== last.from || before.count < count) return;
    join(before, last);
  }
}

function cellOf({ label, failed = false }: Piece, from: number, to: number): Cell {
  return { from, to, label, count: 1, failed };
}

function join(cell: Cell, next: Cell): void {
  cell.to = next.to;
  cell.count += next.count;
  cell.failed ||= next.failed;
}

function textOf({ label, count, failed }: Cell): string {
  return `${count === 1 ? label : `×${count}`}${failed ? '!' : ''}`;
}

function fits(cell: Cell, dots = 0): boolean {
  return cell.to - cell.from - 1 >= textOf(cell).length + dots;
}

function paint(cells: readonly Cell[]): string {
  let line = '';
  for (const cell of cells) {
    if (line.length <= cell.from) line = `${line.padEnd(cell.from)}|`;
    const columns = cell.to - cell.from - 1;
    const text = fits(cell) ? textOf(cell) : '';
    const left = '.'.repeat(Math.max(0, (columns - text.length) / 2));
    if (columns >= 0) line += `${left}${text}`.padEnd(columns, '.') + '|';
  }
  return line;
}
