/** Draws what one worker did: when it started, ran, idled, had elements taken back, and ended. */
import { count, formatMillis, nameOf } from '../formats.js';
import type { IdleSpan, TracedCall } from '../Trace.js';
import type { Layout, WorkerRow } from './layout.js';
import { label, tag, tooltip } from './markup.js';
import { hasRoomFor, labelOf, LETTER, mergeNarrow, type Cell } from './mergeNarrow.js';

export interface Palette {
  readonly calls: ReadonlyMap<number, TracedCall>;
  /** The class of a call's cells, and of several calls' if there is none. */
  readonly classOf: (call: number | undefined) => string;
}

/** Pixels between marks, so that none hides another. */
const APART = 9;
/** Share of a cell that has to be filled for its label to be read against its colour. */
const LEGIBLE = 0.75;
const BAD = ['crashed', 'timed out', 'failed', 'cancelled'] as const;

export function drawRow(row: WorkerRow, layout: Layout, palette: Palette): string {
  const { y, height } = row;
  const cells = row.lines.map((elements) => mergeNarrow(elements, layout.toX, layout.least));
  const parts = [
    track(row, layout),
    starting(row, layout),
    ...idleSpans(row, layout),
    ...cells.flatMap((own, line) => own.map((cell) => drawCell(cell, line, layout, palette))),
    ...cells.flatMap((own, line) => [...badges(own, line, row, layout)]),
    ...reclaims(row, layout),
    ending(row, layout),
  ];
  return tag('g', { transform: `translate(0 ${y})` }, parts.join('') || tag('g', { height }));
}

/** From when there was a worker until when. */
function track({ worker, height, id }: WorkerRow, { toX, start, end }: Layout): string {
  const from = toX(worker?.start ?? start);
  const to = toX(worker?.end ?? end);
  return tag(
    'rect',
    { class: 'w', x: from, width: Math.max(0, to - from), height },
    tooltip(`worker ${id}`),
  );
}

function starting({ worker, height }: WorkerRow, { toX, end, start }: Layout): string {
  if (!worker) return '';
  const until = worker.ready ?? worker.end ?? end;
  const [from, to] = [toX(worker.start), toX(until)];
  if (until <= start || to - from < 1) return '';
  const what = worker.ready === undefined ? 'was starting for' : 'took';
  const text = `worker ${worker.id} ${what} ${formatMillis(until - worker.start)} to start`;
  return band('starting', from, to, height, tooltip(text));
}

function* idleSpans({ idle, worker, height, id }: WorkerRow, layout: Layout): Generator<string> {
  const { toX, least, start, line } = layout;
  let drawn = -Infinity;
  for (const { cause, start: since, end } of idle) {
    // What a worker takes to start is drawn from its own times, where these are known.
    if (cause === 'starting' && worker) continue;
    const [from, to] = [Math.max(toX(since), drawn), toX(end)];
    if (to - from < least) continue;
    drawn = to;
    const times = `${formatMillis(end - since)}, from ${formatMillis(Math.max(0, since - start))}`;
    yield band(
      classOfCause(cause),
      from,
      to,
      height,
      tooltip(`worker ${id} idle, ${cause}: ${times}`),
    );
    const letters = cause.length * LETTER;
    if (to - from < letters + 20 || line < 11) continue;
    const [x, y] = [(from + to) / 2, height / 2];
    yield tag('rect', { class: 'w', x: x - letters / 2, y: y - 7, width: letters, height: 14 });
    yield label({ class: 'i x', x, y: y + 4 }, cause);
  }
}

export function classOfCause(cause: IdleSpan['cause']): string {
  return cause.replace(' ', '-');
}

function band(name: string, from: number, to: number, height: number, content: string): string {
  const inset = name === 'starting' ? 0 : Math.max(1, Math.round(height / 2 - 6));
  const rect = { class: name, x: from, y: inset, width: to - from, height: height - 2 * inset };
  return tag('rect', rect, content);
}

function drawCell(cell: Cell, line: number, layout: Layout, { classOf, calls }: Palette): string {
  const { x, end, count: tries } = cell;
  const height = layout.line - 1;
  const y = line * layout.line;
  // With its edge, half a pixel on each side, it leaves a pixel free.
  const isWide = end - x >= 3;
  const width = Math.max(1, end - x - (isWide ? 2 : 0));
  const call = classOf(cell.call);
  const box = { x: isWide ? x + 0.5 : x, y: y + 0.5, width, height };
  // As full as it was busy.
  const share = tries === 1 ? 1 : Math.min(1, cell.busy / Math.max(end - x, 1e-9));
  const { done, cancelled } = cell.outcomes;
  const isFailed = tries === 1 && done + cancelled === 0;
  const full = tag('rect', {
    ...{ class: isFailed ? 'f' : call, ...box },
    ...{ y: y + 0.5 + height * (1 - share), height: height * share },
  });
  const whole = share < 1 ? tag('rect', { class: `${call} p`, ...box }) : '';
  const ink = isFailed || share < LEGIBLE ? 'n m' : call === 'c0' ? 'n n0' : 'n';
  const text = labelOf(cell);
  const number =
    hasRoomFor(text, cell) && layout.line >= 11
      ? label({ class: ink, x: x + (end - x) / 2, y: y + height / 2 + 4.5 }, text)
      : '';
  return tag('g', {}, tooltip(describe(cell, layout, calls)) + whole + full + number);
}

function describe(
  { first, count: tries, outcomes }: Cell,
  { start }: Layout,
  calls: Palette['calls'],
): string {
  const since = formatMillis(Math.max(0, first.start - start));
  if (tries === 1) {
    const attempt = first.attempt > 1 ? `, try ${first.attempt}` : '';
    const name = `${nameOf(calls.get(first.call))}[${first.index}]`;
    return `${name} on worker ${first.worker}: ${first.outcome}${attempt}\n${formatMillis(first.end - first.start)}, from ${since}`;
  }
  const bad = BAD.filter((outcome) => outcomes[outcome] > 0).map(
    (outcome) => `, ${outcomes[outcome]} ${outcome}`,
  );
  return `${tries} elements on worker ${first.worker}${bad.join('')}\nfrom ${since}`;
}

/** The worst that happened in each cell. */
function* badges(
  cells: readonly Cell[],
  line: number,
  { worker }: WorkerRow,
  layout: Layout,
): Generator<string> {
  const crash = worker?.ending === 'crashed' ? layout.toX(worker.end ?? layout.end) : -Infinity;
  let drawn = -Infinity;
  for (const { outcomes, x, end } of cells) {
    const worst = BAD.find((outcome) => outcomes[outcome] > 0);
    // Not over the number.
    const at = Math.max((x + end) / 2, end - 7);
    const isShown = worst === 'crashed' && Math.abs(end - crash) < APART;
    if (!worst || isShown || at - drawn < APART) continue;
    drawn = at;
    yield mark(worst, at, line * layout.line + 1);
  }
}

export function mark(kind: (typeof BAD)[number], x: number, y: number, content = ''): string {
  return tag('use', { href: `#rpm-${kind.replace(' ', '-')}`, x, y }, content);
}

function* reclaims({ reclaims, height, id }: WorkerRow, { toX, least }: Layout): Generator<string> {
  const apart = Math.max(APART, least);
  const marks: { readonly x: number; taken: number }[] = [];
  for (const { at, count: taken } of reclaims.toSorted((a, b) => a.at - b.at)) {
    const last = marks.at(-1);
    if (last && toX(at) - last.x < apart) last.taken += taken;
    else marks.push({ x: toX(at), taken });
  }
  for (const { x, taken } of marks) {
    const text = `${count(taken, 'element')} taken back from worker ${id}`;
    yield tag('g', { transform: `translate(${Math.round(x)} ${height})` }, tooltip(text) + RECLAIM);
  }
}

export const RECLAIM = '<path class="r" d="M0-8 5 1H-5z"/>';

function ending({ worker, height }: WorkerRow, { toX, start, end }: Layout): string {
  if (worker?.end === undefined || worker.end < start || worker.end > end) return '';
  const x = toX(worker.end);
  const line = { x1: x, x2: x, y1: -1, y2: height + 1 };
  if (worker.ending === 'closed' || !worker.ending) return tag('line', { class: 'e', ...line });
  const kind = worker.ending === 'crashed' ? 'crashed' : 'failed';
  const title = tooltip(`worker ${worker.id} ${worker.ending}`);
  return tag('g', {}, title + tag('line', { class: 'z', ...line }) + mark(kind, x, height / 2));
}
