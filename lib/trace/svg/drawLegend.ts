/** The legend: what is in the picture, and nothing else. */
import { cut, nameOf } from '../formats.js';
import { hullOf } from '../intervals.js';
import type { Trace, TracedCall } from '../Trace.js';
import { classOfCause } from './drawRow.js';
import { MARGIN, type Layout } from './layout.js';
import { LETTER } from './mergeNarrow.js';
import { label, tag } from './markup.js';
import { mark, RECLAIM } from './marks.js';
import { COLOURS } from './style.js';

const LINE = 20;
const SAMPLE = 22;

/** Those with the most elements have a colour each. */
export function coloured({ calls, elements }: Trace): readonly TracedCall[] {
  const tries = new Map<number, number>();
  for (const { call } of elements) tries.set(call, (tries.get(call) ?? 0) + 1);
  return calls
    .filter(({ id }) => tries.has(id))
    .sort((a, b) => tries.get(b.id)! - tries.get(a.id)!)
    .slice(0, COLOURS)
    .sort((a, b) => a.start - b.start || a.id - b.id);
}

export function drawLegend(
  trace: Trace,
  { layout, y, merged }: { layout: Layout; y: number; merged: boolean },
): { markup: string; height: number } {
  let [x, top] = [MARGIN, 0];
  const parts = itemsOf(trace, layout, merged).map(([sample, text]) => {
    const width = SAMPLE + text.length * LETTER + 16;
    if (x + width > layout.width && x > MARGIN) [x, top] = [MARGIN, top + LINE];
    const item = sample + label({ x: SAMPLE, y: 10 }, text);
    const placed = tag('g', { transform: `translate(${Math.round(x)} ${y + top})` }, item);
    x += width;
    return placed;
  });
  return { markup: parts.join(''), height: parts.length > 0 ? top + LINE : 0 };
}

/** With its number, where others have the same name. */
function nameIn(calls: readonly TracedCall[], call: TracedCall): string {
  const isAlone = calls.every((other) => other === call || nameOf(other) !== nameOf(call));
  return isAlone ? nameOf(call) : `call ${call.id}: ${nameOf(call)}`;
}

/** In the order of the legend. */
const CAUSES = [
  'starting',
  'no work',
  'window full',
  'slow consumer',
  'limit',
  'retry delay',
] as const;

function itemsOf(trace: Trace, layout: Layout, merged: boolean): [sample: string, text: string][] {
  const box = (name: string): string => tag('rect', { class: name, width: 16, height: 12 });
  const own = coloured(trace);
  const others = new Set(trace.elements.map(({ call }) => call)).size - own.length;
  const longest = Math.floor((layout.width - 2 * MARGIN - SAMPLE) / LETTER) - 4;
  const items: [string, string][] = own.map((call, nth) => [
    box(`c${nth}`),
    cut(nameIn(own, call), Math.min(28, longest)),
  ]);
  if (others > 0) items.push([box('c9'), `other calls (${others})`]);
  if (merged) {
    const parts = tag('rect', { class: 'c0 p', width: 16, height: 12 });
    const full = tag('rect', { class: 'c0', y: 5, width: 16, height: 7 });
    items.push([parts + full, '×n: n elements, as full as busy']);
  }
  if (layout.rows.some(({ shifts }) => shifts.length > 1)) {
    const line = tag('line', { class: 'e', x1: 8, x2: 8, y1: -1, y2: 13 });
    items.push([box('w') + line, 'a worker ends, the next takes over']);
  }
  const outcomes = new Set<string>(trace.elements.map(({ outcome }) => outcome));
  for (const { ending } of trace.workers) {
    if (ending === 'crashed') outcomes.add('crashed');
    if (ending === 'overdue') outcomes.add('timed out');
    if (ending === 'failed to start') outcomes.add('failed');
  }
  for (const kind of ['failed', 'timed out', 'crashed', 'cancelled'] as const) {
    if (outcomes.has(kind)) items.push([mark(kind, 9, 6), kind]);
  }
  const causes = new Set(trace.idle.map(({ cause }) => cause));
  const starts = trace.workers.some(
    (worker) => worker.ready !== worker.start && isSeen(worker, trace, layout),
  );
  if (starts) causes.add('starting');
  for (const cause of CAUSES) {
    if (!causes.has(cause)) continue;
    items.push([
      box(classOfCause(cause)),
      cause === 'starting' ? 'worker starting' : `idle: ${cause}`,
    ]);
  }
  if (trace.reclaims.length > 0) {
    items.push([tag('g', { transform: 'translate(8 11)' }, RECLAIM), 'elements taken back']);
  }
  return items;
}

function isSeen(worker: Trace['workers'][number], trace: Trace, { start, end }: Layout): boolean {
  const whole = hullOf([
    { start: worker.start, end: worker.ready ?? worker.end ?? trace.duration },
  ]);
  return whole !== undefined && whole.end > start && whole.start < end;
}
