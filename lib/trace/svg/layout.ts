/** Where everything of a picture goes: which rows there are, how high they are, and how times become pixels. */
import type { Interval } from '../intervals.js';
import { placesOf } from '../placesOf.js';
import { shiftsOf, type Shift } from '../shiftsOf.js';
import type { IdleSpan, Trace, TracedElement, TracedReclaim } from '../Trace.js';
import { windowOf } from '../windowOf.js';

/** Pixels around everything. */
export const MARGIN = 16;
/** Pixels above the rows: for the heading. */
export const HEADER = 64;
/** Lines of all rows, as far as these have more than two. Elements beyond those are drawn together with others. */
const MOST_LINES = 128;
/** Lines of one row at most. */
const MOST_PLACES = 50;
/** Cells of a picture for which there is room in its file, and of marks of any other kind. */
const MOST_CELLS = 5000;
/** Pixels that an element has to have to be drawn by itself, at least. */
const LEAST = 3;

/** A worker, or several that took over from each other, with its lines one below the other. */
export interface WorkerRow {
  readonly name: string;
  readonly shifts: readonly Shift[];
  readonly lines: readonly (readonly TracedElement[])[];
  readonly idle: readonly IdleSpan[];
  readonly reclaims: readonly TracedReclaim[];
  readonly y: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  /** Where the rows begin and end. */
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly rows: readonly WorkerRow[];
  /** Height of one line of a row. */
  readonly line: number;
  /** Every how many rows there is room for a label. */
  readonly labelEvery: number;
  /** Pixels of what is drawn by itself, at least. */
  readonly least: number;
  readonly start: number;
  readonly end: number;
  readonly toX: (time: number) => number;
}

export function layOut(trace: Trace, width: number): Layout {
  const { start, end } = windowOf(trace);
  const places = trace.calls.reduce((most, { perWorker }) => Math.max(most, perWorker), 1);
  const contents = contentsOf(trace, places);
  const count = contents.reduce((sum, { lines }) => sum + lines.length, 0);
  const line = lineHeight(count);
  const isManyLined = count > contents.length;
  const gap = line >= 20 ? 7 : line >= 11 || isManyLined ? 4 : 1;

  const left = MARGIN + `thread ${contents.length}`.length * 7 + 8;
  const right = width - MARGIN - 8;
  let y = HEADER;
  const rows = contents.map((content, nth): WorkerRow => {
    const height = content.lines.length * line;
    const row = { ...content, name: `thread ${nth + 1}`, y, height };
    y += height + gap;
    return row;
  });
  const perMilli = (right - left) / (end - start);
  // Nothing may have taken any time, or next to none.
  const scale = Number.isFinite(perMilli) ? perMilli : 0;
  const toX = (time: number): number =>
    left + (Math.min(Math.max(time, start), end) - start) * scale;
  return {
    ...{ width, left, right, rows, line, start, end, toX },
    bottom: Math.max(y, HEADER + 20),
    labelEvery: Math.max(1, Math.ceil((13 * rows.length) / (y - HEADER))),
    // Narrow ones between others that are not: two of them in so many pixels.
    least: Math.max(LEAST, (2 * (right - left) * count) / MOST_CELLS),
  };
}

function lineHeight(lines: number): number {
  if (lines <= 8) return 26;
  if (lines <= 16) return 20;
  if (lines <= 32) return 15;
  return lines <= 96 ? 11 : 7;
}

type Content = Omit<WorkerRow, 'name' | 'y' | 'height'>;

function contentsOf(trace: Trace, places: number): Content[] {
  const elements = grouped(trace.elements);
  const idle = grouped(trace.idle);
  const reclaims = grouped(trace.reclaims);
  const { start, end } = windowOf(trace);
  const ids = new Set(
    trace.workers
      .filter((worker) => worker.start <= end && (worker.end ?? Infinity) >= start)
      .map(({ id }) => id),
  );
  for (const id of elements.keys()) ids.add(id);
  const rows = shiftsOf(trace, ids);
  const share = Math.max(2, Math.floor(MOST_LINES / rows.length));
  const most = Math.min(places, MOST_PLACES, share);
  return rows.map((shifts) => {
    const own = byStart(elements, shifts);
    const placed = placesOf(own, most);
    const used = placed.reduce((most, place) => Math.max(most, place + 1), 1);
    const lines = Array.from({ length: used }, (): TracedElement[] => []);
    for (const [nth, element] of own.entries()) lines[placed[nth]!]!.push(element);
    const taken = shifts.flatMap(({ id }) => reclaims.get(id) ?? []);
    return { shifts, lines, idle: byStart(idle, shifts), reclaims: taken };
  });
}

function byStart<T extends Interval>(all: ReadonlyMap<number, T[]>, shifts: readonly Shift[]): T[] {
  return shifts.flatMap(({ id }) => all.get(id) ?? []).sort((a, b) => a.start - b.start);
}

function grouped<T extends { readonly worker: number }>(all: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const one of all) {
    const group = groups.get(one.worker);
    if (group) group.push(one);
    else groups.set(one.worker, [one]);
  }
  return groups;
}
