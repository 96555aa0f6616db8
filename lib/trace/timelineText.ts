/** Draws as text which worker ran which element when: spans in, lines out. */

/** One element's time on a worker. Times are in any unit; the picture begins at the earliest. */
export interface Span {
  readonly worker: number;
  /** Place in the input, from 0. Shown from 1. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** Columns of a picture with a column per unit of time; a longer one is drawn as for a terminal. */
const LONGEST_BY_UNIT = 1000;
const TERMINAL = 80;

/** A line's name, and its spans by start. */
type Row = readonly [name: string, spans: readonly Span[]];

/** Elements drawn together, between bars in the columns `from` and `to` that neighbours share. */
interface Cell {
  readonly from: number;
  to: number;
  /** Number of the first element. */
  readonly number: number;
  count: number;
}

/**
 * One line per worker, in the order of their ids, after one of all elements in input order (`jobs`):
 * ```
 * jobs: |.1.|..2..|.3.|...4...|
 * thread 1: |.1.|.3.|
 * thread 2: |..2..|...4...|
 * ```
 * Without `width`, an element of d units has d columns between its bars, or more if its number needs
 * them; an idle time of d units has d spaces.
 *
 * With `width`, one scale makes the longest line fit. Elements too narrow for their number join
 * their neighbours in a cell that counts them (`|..×214..|`), unless they stand alone; an idle time
 * is seen where it has room for a space between the bars.
 *
 * @param options.width columns of a line, an integer of at least 20
 * @throws RangeError for another width, and for times that are not 0 <= start <= end
 */
export function timelineText(
  spans: Iterable<Span>,
  { width, jobs = false }: { width?: number | undefined; jobs?: boolean } = {},
): string {
  if (width !== undefined && !(Number.isInteger(width) && width >= 20)) {
    throw new RangeError(`width must be an integer of at least 20; got ${width}`);
  }
  const checked = Array.from(spans, check);
  const rows: Row[] = [...(jobs && checked[0] ? [inputOrder(checked)] : []), ...threads(checked)];

  let cells = rows.map(([, own]) => cellsByUnit(own));
  const isTooLong = cells.some((row) => (row.at(-1)?.to ?? 0) >= LONGEST_BY_UNIT);
  if (width !== undefined || isTooLong) {
    const column = scaleToFit(rows, width ?? TERMINAL);
    cells = rows.map(([, own]) => cellsToScale(own, column));
  }
  return rows.map(([name], row) => name + paint(cells[row] ?? [])).join('\n');
}

function check(span: Span): Span {
  const { worker, index, start, end } = span;
  if (start >= 0 && end >= start && end < Infinity) return span;
  const times = `start ${start}, end ${end} (worker ${worker}, index ${index})`;
  throw new RangeError(`A span must have finite times, 0 <= start <= end; got ${times}`);
}

function inputOrder(spans: readonly Span[]): Row {
  const inOrder = spans.toSorted((a, b) => a.index - b.index);
  let end = 0;
  return ['jobs: ', inOrder.map((s) => ({ ...s, start: end, end: (end += s.end - s.start) }))];
}

function threads(spans: readonly Span[]): Row[] {
  const byStart = spans.toSorted((a, b) => a.start - b.start);
  const origin = byStart[0]?.start ?? 0;
  const workers = new Map<number, Span[]>(byStart.map(({ worker }) => [worker, []]));
  for (const span of byStart) {
    const sinceOrigin = { ...span, start: span.start - origin, end: span.end - origin };
    workers.get(span.worker)?.push(sinceOrigin);
  }
  const digits = String(workers.size).length;
  return [...workers]
    .sort(([a], [b]) => a - b)
    .map(([, own], place) => [`thread ${String(place + 1).padStart(digits)}: `, own]);
}

function cellsByUnit(spans: readonly Span[]): Cell[] {
  let [column, time] = [0, 0];
  return spans.map(({ index, start, end }) => {
    const idle = Math.round(start - time);
    const from = idle > 0 ? column + idle + 1 : column;
    const cell = { from, to: from + Math.round(end - start) + 1, number: index + 1, count: 1 };
    if (!fits(cell)) cell.to = from + label(cell).length + 3;
    [column, time] = [cell.to, end];
    return cell;
  });
}

function scaleToFit(rows: readonly Row[], width: number): (time: number) => number {
  let perColumn = 0;
  for (const [name, spans] of rows) {
    const end = spans.reduce((latest, span) => Math.max(latest, span.end), 0);
    perColumn = Math.max(perColumn, end / (width - name.length - 1));
  }
  // Zero if nothing took any time.
  return (time) => (perColumn === 0 ? 0 : Math.round(time / perColumn));
}

function cellsToScale(spans: readonly Span[], column: (time: number) => number): Cell[] {
  const cells: Cell[] = [];
  for (const { index, start, end } of spans) {
    const here = cells.at(-1)?.to ?? 0;
    const isApart = column(start) - here >= 2;
    const from = isApart ? column(start) : here;
    const cell = { from, to: Math.max(from, column(end)), number: index + 1, count: 1 };
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

function join(cell: Cell, next: Cell): void {
  cell.to = next.to;
  cell.count += next.count;
}

function label({ number, count }: Cell): string {
  return count === 1 ? String(number) : `×${count}`;
}

function fits(cell: Cell, dots = 0): boolean {
  return cell.to - cell.from - 1 >= label(cell).length + dots;
}

function paint(cells: readonly Cell[]): string {
  let line = '';
  for (const cell of cells) {
    if (line.length <= cell.from) line = `${line.padEnd(cell.from)}|`;
    const columns = cell.to - cell.from - 1;
    const text = fits(cell) ? label(cell) : '';
    const left = '.'.repeat(Math.max(0, (columns - text.length) / 2));
    if (columns >= 0) line += `${left}${text}`.padEnd(columns, '.') + '|';
  }
  return line;
}
