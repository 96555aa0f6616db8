/** Draws what the workers of a row did: when they started, ran, idled, had elements taken back, and ended. */
import { count, formatMillis, nameOf } from '../formats.js';
import type { IdleSpan, TracedCall } from '../Trace.js';
import { joinNear } from './joinNear.js';
import { badEndsOf, drawEnds, drawStarts, drawTracks, workersNamed } from './drawShifts.js';
import type { Layout, WorkerRow } from './layout.js';
import { APART, BAD, band, mark, RECLAIM } from './marks.js';
import { label, tag, tooltip } from './markup.js';
import { hasRoomFor, labelOf, LETTER, mergeNarrow, type Cell } from './mergeNarrow.js';

export interface Palette {
  readonly calls: ReadonlyMap<number, TracedCall>;
  /** The class of a call's cells, and of several calls' if there is none. */
  readonly classOf: (call: number | undefined) => string;
}

/** Share of a cell that has to be filled for its label to be read against its colour. */
const LEGIBLE = 0.75;

export function drawRow(row: WorkerRow, layout: Layout, palette: Palette): string {
  const { y, height } = row;
  const cells = row.lines.map((elements) => mergeNarrow(elements, layout.toX, layout.least));
  const parts = [
    ...drawTracks(row, layout),
    ...drawStarts(row, layout),
    ...idleSpans(row, layout),
    ...cells.flatMap((own, line) => own.map((cell) => drawCell(cell, line, layout, palette))),
    ...cells.flatMap((own, line) => [...badges(own, line, row, layout)]),
    ...reclaims(row, layout),
    ...drawEnds(row, layout),
  ];
  return tag('g', { transform: `translate(0 ${y})` }, parts.join('') || tag('g', { height }));
}

function* idleSpans({ idle, shifts, height }: WorkerRow, layout: Layout): Generator<string> {
  const { toX, least, start, line } = layout;
  const known = new Set(shifts.flatMap(({ worker }) => worker?.id ?? []));
  let drawn = -Infinity;
  for (const { cause, start: since, end, worker } of idle) {
    // What a worker takes to start is drawn from its own times, where these are known.
    if (cause === 'starting' && known.has(worker)) continue;
    const [from, to] = [Math.max(toX(since), drawn), toX(end)];
    if (to - from < least) continue;
    drawn = to;
    const times = `${formatMillis(end - since)}, from ${formatMillis(Math.max(0, since - start))}`;
    yield band(
      classOfCause(cause),
      from,
      to,
      height,
      tooltip(`worker ${worker} idle, ${cause}: ${times}`),
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
  { first, count: tries, outcomes, workers }: Cell,
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
  return `${tries} elements on ${workersNamed([...workers])}${bad.join('')}\nfrom ${since}`;
}

/** The worst that happened in each cell. */
function* badges(
  cells: readonly Cell[],
  line: number,
  row: WorkerRow,
  layout: Layout,
): Generator<string> {
  const ends = badEndsOf(row, layout);
  let drawn = -Infinity;
  for (const { outcomes, x, end } of cells) {
    const worst = BAD.find((outcome) => outcomes[outcome] > 0);
    // Not over the number.
    const at = Math.max((x + end) / 2, end - 7);
    const from = Math.min(x, end - APART);
    const isShown = ends.some(({ at, kind }) => kind === worst && at > from && at < end + APART);
    if (!worst || isShown || at - drawn < APART) continue;
    drawn = at;
    yield mark(worst, at, line * layout.line + 1);
  }
}

function reclaims({ reclaims, height }: WorkerRow, { toX, least }: Layout): string[] {
  const byTime = reclaims.toSorted((a, b) => a.at - b.at);
  const all = byTime.map((of) => ({ from: toX(of.at), to: toX(of.at), of }));
  return joinNear(all, Math.max(APART, least)).map(({ from, of }) => {
    const taken = of.reduce((sum, { count }) => sum + count, 0);
    const workers = workersNamed([...new Set(of.map(({ worker }) => worker))]);
    const text = `${count(taken, 'element')} taken back from ${workers}`;
    const place = { transform: `translate(${Math.round(from)} ${height})` };
    return tag('g', place, tooltip(text) + RECLAIM);
  });
}
