/** Which lines a picture in text has, and what is on each: of spans, and of a trace. */
import { cut, nameOf } from '../formats.js';
import { placesOf } from '../placesOf.js';
import { shiftsOf } from '../shiftsOf.js';
import type { Span } from '../timelineText.js';
import type { Trace } from '../Trace.js';
import { windowOf } from '../windowOf.js';
import type { Piece, Row } from './draw.js';

interface Marked extends Span {
  readonly call?: number | undefined;
  /** Letter of its call, where there are several. */
  readonly letter?: string | undefined;
  readonly failed?: boolean | undefined;
  readonly cancelled?: boolean | undefined;
}

export function rowsOfSpans(spans: readonly Span[], jobs: boolean): Row[] {
  const origin = spans.reduce((earliest, { start }) => Math.min(earliest, start), Infinity);
  const workers = new Set(spans.map(({ worker }) => worker));
  return [...inputOrder(spans, jobs), ...threads(spans, workers, { origin, places: Infinity })];
}

export function rowsOfTrace(
  trace: Trace,
  { jobs, longest }: { jobs: boolean; longest: number },
): { heading: string | undefined; rows: Row[] } {
  const letters = lettersOf(trace);
  const ids = [...trace.workers.map(({ id }) => id), ...trace.elements.map((e) => e.worker)];
  const shifts = shiftsOf(trace, ids);
  const threadOf = new Map(shifts.flatMap((own, thread) => own.map(({ id }) => [id, thread])));
  const elements = trace.elements.map((element): Marked => {
    const { worker, index, start, end, call, outcome } = element;
    return {
      worker: threadOf.get(worker)!,
      index,
      start,
      end,
      call,
      letter: letters.get(call),
      failed: outcome !== 'done' && outcome !== 'cancelled',
      cancelled: outcome === 'cancelled',
    };
  });
  const { start: origin } = windowOf(trace);
  const workers = new Set(shifts.keys());
  // What was measured of elements that ran one after the other may overlap by a little.
  const places = trace.calls.reduce((most, { perWorker }) => Math.max(most, perWorker), 1);
  const rows = [...inputOrder(elements, jobs), ...threads(elements, workers, { origin, places })];
  const named = trace.calls.filter(({ id }) => letters.has(id));
  const legend = named.map((call) => `${letters.get(call.id)!} ${nameOf(call)}`).join(', ');
  return { heading: legend === '' ? undefined : cut(`calls: ${legend}`, longest), rows };
}

/** None if one call has all the elements. */
function lettersOf({ calls, elements }: Trace): Map<number, string> {
  const withElements = new Set(elements.map(({ call }) => call));
  if (withElements.size < 2) return new Map();
  const ids = [...new Set([...calls.map(({ id }) => id), ...withElements])];
  return new Map(
    ids.filter((id) => withElements.has(id)).map((id, place) => [id, letterAt(place)]),
  );
}

/** a to z, then aa, ab and so on. */
function letterAt(place: number): string {
  const before = place < 26 ? '' : letterAt(Math.floor(place / 26) - 1);
  return before + String.fromCharCode(97 + (place % 26));
}

function inputOrder(spans: readonly Marked[], isAskedFor: boolean): Row[] {
  if (!isAskedFor || spans.length === 0) return [];
  const calls = new Map<number | undefined, number>();
  for (const { call } of spans) if (!calls.has(call)) calls.set(call, calls.size);
  const byCall = (span: Marked): number => calls.get(span.call)!;
  const inOrder = spans.toSorted((a, b) => byCall(a) - byCall(b) || a.index - b.index);
  let end = 0;
  const pieces = inOrder.map((s) => pieceOf(s, end, (end += s.end - s.start)));
  return [['jobs: ', pieces]];
}

function threads(
  spans: readonly Marked[],
  ids: ReadonlySet<number>,
  { origin, places }: { origin: number; places: number },
): Row[] {
  const workers = new Map<number, Marked[]>([...ids].sort((a, b) => a - b).map((id) => [id, []]));
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    workers.get(span.worker)!.push(span);
  }
  const lines = [...workers.values()].map((own) => {
    const placed = placesOf(own, places);
    const used = placed.reduce((most, place) => Math.max(most, place + 1), 1);
    const rows = Array.from({ length: used }, (): Piece[] => []);
    for (const [nth, span] of own.entries()) {
      rows[placed[nth]!]!.push(pieceOf(span, span.start - origin, span.end - origin));
    }
    return rows;
  });
  const most = lines.reduce((most, rows) => Math.max(most, rows.length), 1);
  const name = (thread: number, place: number): string => {
    const number = String(thread + 1).padStart(String(lines.length).length);
    if (most === 1) return `thread ${number}: `;
    return `thread ${number}.${place + 1}:`.padEnd(`thread ${number}.${most}: `.length);
  };
  return lines.flatMap((rows, thread) =>
    rows.map((pieces, place): Row => [name(thread, place), pieces]),
  );
}

function pieceOf(span: Marked, start: number, end: number): Piece {
  const { index, letter = '', failed, cancelled } = span;
  return { start, end, label: `${letter}${index + 1}${cancelled ? '~' : ''}`, failed };
}
