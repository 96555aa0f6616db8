/** Draws when a row's workers were there: from when each was asked for, how long it took to start, and how it ended. */
import { formatMillis } from '../formats.js';
import type { Shift } from '../shiftsOf.js';
import type { TracedWorker } from '../Trace.js';
import { joinNear, type Stretch } from './joinNear.js';
import type { Layout, WorkerRow } from './layout.js';
import { APART, band, mark } from './marks.js';
import { tag, tooltip } from './markup.js';

/** `worker 3`, `workers 3, 7, 11`, or `12 workers (3, 7, 11 … 51)`. */
export function workersNamed(ids: readonly number[]): string {
  if (ids.length === 1) return `worker ${ids[0]!}`;
  if (ids.length <= 4) return `workers ${ids.join(', ')}`;
  return `${ids.length.toLocaleString('en')} workers (${ids.slice(0, 3).join(', ')} … ${ids.at(-1)!})`;
}

const idsOf = (shifts: readonly { readonly id: number }[]): number[] => shifts.map(({ id }) => id);

/** Less often than cells, since there are three kinds of it. */
const apart = (least: number): number => Math.max(APART, 2 * least);

export function drawTracks({ shifts, height }: WorkerRow, { toX, least }: Layout): string[] {
  const all = shifts.map((of) => ({ from: toX(of.start), to: toX(of.end), of }));
  return joinNear(all, apart(least)).map(({ from, to, of }) =>
    tag(
      'rect',
      { class: 'w', x: from, width: Math.max(0, to - from), height },
      tooltip(workersNamed(idsOf(of))),
    ),
  );
}

export function drawStarts({ shifts, height }: WorkerRow, layout: Layout): string[] {
  const { toX, least, start, end } = layout;
  const all = shifts.flatMap((of) => {
    const until = of.worker && readyAt(of.worker, end);
    if (until === undefined || until <= start || until <= of.start) return [];
    return { from: toX(of.start), to: toX(until), of: { ...of.worker!, until } };
  });
  return joinNear(all, apart(least))
    .filter(({ from, to }) => to - from >= 1)
    .map(({ from, to, of }) => band('starting', from, to, height, tooltip(describeStart(of))));
}

function readyAt({ ready, end }: TracedWorker, last: number): number {
  return ready ?? end ?? last;
}

function describeStart(of: readonly (TracedWorker & { readonly until: number })[]): string {
  const [first] = of;
  const what = first!.ready === undefined && of.length === 1 ? 'was starting for' : 'took';
  const mean = of.reduce((sum, { start, until }) => sum + until - start, 0) / of.length;
  const each = of.length > 1 ? ' each, on average,' : '';
  return `${workersNamed(idsOf(of))} ${what} ${formatMillis(mean)}${each} to start`;
}

type Ended = TracedWorker & { readonly end: number };

export function drawEnds({ shifts, height }: WorkerRow, layout: Layout): string[] {
  return endsOf(shifts, layout).map(({ to: x, of }) => {
    const line = { x1: x, x2: x, y1: -1, y2: height + 1 };
    const [worst, word] = worstOf(of);
    if (!worst && of.length === 1) return tag('line', { class: 'e', ...line });
    const title = tooltip(`${workersNamed(idsOf(of))} ${word}`);
    if (!worst) return tag('line', { class: 'e', ...line }, title);
    // With others after it, not over their numbers.
    const y = shifts.length > 1 ? 1 : height / 2;
    return tag('g', {}, title + tag('line', { class: 'z', ...line }) + mark(worst, x, y));
  });
}

/** Where the end of a worker is marked, in pixels, and how. */
export function badEndsOf(
  { shifts }: WorkerRow,
  layout: Layout,
): { readonly at: number; readonly kind: Kind | undefined }[] {
  return endsOf(shifts, layout).map(({ to: at, of }) => ({ at, kind: worstOf(of)[0] }));
}

function endsOf(shifts: readonly Shift[], { toX, start, end, least }: Layout): Stretch<Ended>[] {
  const ended = shifts.flatMap(({ worker }): Ended[] => {
    if (worker?.end === undefined || worker.end < start || worker.end > end) return [];
    return [{ ...worker, end: worker.end }];
  });
  const all = ended.map((of) => ({ from: toX(of.end), to: toX(of.end), of }));
  return joinNear(all, apart(least));
}

/** Bad ends, and how they are marked: the worst first. */
const BAD_ENDS = [
  ['crashed', 'crashed'],
  ['overdue', 'timed out'],
  ['failed to start', 'failed'],
] as const;

type Kind = (typeof BAD_ENDS)[number][1];

/** The worst that happened, and how it is told. */
function worstOf(of: readonly Ended[]): [Kind | undefined, string] {
  const found = BAD_ENDS.flatMap(([bad, kind]) => {
    const many = of.filter(({ ending }) => ending === bad).length;
    return many > 0 ? [{ kind, told: `${many} ${bad}` }] : [];
  });
  const worst = found[0]?.kind;
  if (of.length === 1) return [worst, of[0]!.ending ?? 'ended'];
  return [worst, ['ended', ...found.map(({ told }) => told)].join(', ')];
}
