/** What workers ran: each try that has ended, and what a worker is still at. */
import type { Interval } from '../intervals.js';
import type { Millis, Trace, TracedElement } from '../Trace.js';
import { endOf } from '../windowOf.js';

export interface Run extends Interval {
  readonly worker: number;
}

export interface Runs {
  /** Of one that was cancelled, only the time until its call ended: the rest was of no use to it. */
  readonly ended: readonly TracedElement[];
  /** In each batch that a worker is at: since the last element that is known to have ended, and until the trace was read. */
  readonly underWay: readonly Run[];
  /** The rest of what was cancelled, after its call. */
  readonly abandoned: readonly Run[];
}

export function runsOf(trace: Trace): Runs {
  const { calls, elements, batches, duration } = trace;
  const ends = new Map(calls.map((call) => [call.id, endOf(call, duration)]));
  const abandoned: Run[] = [];
  /** What of it was before its call ended. */
  const endInCall = (call: number, { worker, start, end }: Run): Millis => {
    const callEnd = Math.max(start, ends.get(call) ?? end);
    if (end <= callEnd) return end;
    abandoned.push({ worker, start: callEnd, end });
    return callEnd;
  };
  const ended = elements.map((one) => {
    return one.outcome === 'cancelled' ? { ...one, end: endInCall(one.call, one) } : one;
  });
  const starts = startsUnderWay(trace);
  const underWay: Run[] = [];
  for (const { id, call, worker } of batches) {
    const start = starts.get(id) ?? Infinity;
    if (start >= duration) continue;
    const end = endInCall(call, { worker, start, end: duration });
    if (end > start) underWay.push({ worker, start, end });
  }
  return { ended, underWay, abandoned };
}

/** By the batch's id. One that waits in its worker behind another is not among them. */
function startsUnderWay({ batches, calls, elements }: Trace): ReadonlyMap<number, Millis> {
  const besides = new Set(calls.filter(({ perWorker }) => perWorker > 1).map(({ id }) => id));
  const frees = new Map<number, Millis>();
  for (const { worker, returned = 0 } of batches) {
    frees.set(worker, Math.max(returned, frees.get(worker) ?? 0));
  }
  const starts = new Map<number, Millis>();
  const busy = new Set<number>();
  for (const { id, call, worker, sent, returned } of batches) {
    const isBeside = besides.has(call);
    if (returned !== undefined || (!isBeside && busy.has(worker))) continue;
    busy.add(worker);
    starts.set(id, isBeside ? sent : Math.max(sent, frees.get(worker)!));
  }
  for (const { batch, end } of elements) {
    const start = starts.get(batch);
    if (start !== undefined) starts.set(batch, Math.max(start, end));
  }
  return starts;
}
