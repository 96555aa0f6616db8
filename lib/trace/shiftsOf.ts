/** Which workers share a row of a picture: those that took over from each other, where there are too many for a row each. */
import { hullOf } from './intervals.js';
import type { Millis, Trace, TracedElement, TracedWorker } from './Trace.js';

/** Workers that have a row each. */
const MOST_ROWS = 64;

/** A worker's time on its row. */
export interface Shift {
  readonly id: number;
  /** Undefined if the trace has nothing of it but elements. */
  readonly worker: TracedWorker | undefined;
  /** When it was asked for, or when the one before it ended, whichever was later. */
  readonly start: Millis;
  /** Infinity while it is there. */
  readonly end: Millis;
}

/**
 * The shifts of each row, one after the other, and the rows by the id of their first worker. A worker that takes over may
 * have been asked for before the other one ended, but was not ready before.
 *
 * @param ids workers that the picture has
 */
export function shiftsOf(trace: Trace, ids: Iterable<number>): Shift[][] {
  const lives = livesOf(trace, new Set(ids));
  if (lives.length <= MOST_ROWS) {
    return lives.map((life) => [life.worker ? life : { ...life, start: -Infinity, end: Infinity }]);
  }

  const rows: { readonly shifts: Shift[]; end: Millis }[] = [];
  for (const { ready, ...life } of lives.sort((a, b) => a.start - b.start || a.id - b.id)) {
    const overlap = (end: Millis): Millis => Math.max(0, end - life.start);
    let best: (typeof rows)[number] | undefined;
    for (const row of rows) {
      if (row.end > ready) continue;
      const by = best ? overlap(row.end) - overlap(best.end) : -1;
      // Of those that had ended, the last: that is whose place it takes.
      if (by < 0 || (by === 0 && row.end > best!.end)) best = row;
    }
    if (!best) rows.push((best = { shifts: [], end: -Infinity }));
    best.shifts.push({ ...life, start: Math.max(life.start, best.end) });
    best.end = Math.max(best.end, life.end);
  }
  return rows.map(({ shifts }) => shifts).sort(([a], [b]) => a!.id - b!.id);
}

interface Life extends Shift {
  readonly ready: Millis;
}

/** By id. */
function livesOf({ workers, elements, duration }: Trace, ids: ReadonlySet<number>): Life[] {
  const known = new Map(workers.map((worker) => [worker.id, worker]));
  const ran = new Map<number, TracedElement[]>();
  for (const element of elements) {
    if (known.has(element.worker)) continue;
    const own = ran.get(element.worker);
    if (own) own.push(element);
    else ran.set(element.worker, [element]);
  }
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => {
      const worker = known.get(id);
      if (!worker) {
        const { start, end } = hullOf(ran.get(id) ?? []) ?? { start: 0, end: Infinity };
        return { id, worker, start, ready: start, end };
      }
      const { start, end = Infinity, ready = Math.min(end, duration) } = worker;
      return { id, worker, start, ready, end };
    });
}
