/** What all workers did with their time while calls were under way: each moment of a worker counts once. */
import { common, coverOf, lengthOf, type Cover, type Interval } from '../intervals.js';
import type { IdleSpan, Millis, Trace } from '../Trace.js';

export interface WorkersTime {
  /** All that is below. */
  readonly all: Millis;
  readonly running: Millis;
  readonly transfer: Millis;
  readonly idle: Record<IdleSpan['cause'], Millis>;
  /** Of the time with no work: until the last element started, when more were still to come. */
  readonly waitedForSource: Millis;
}

interface Own {
  readonly runs: Interval[];
  readonly batches: Interval[];
  readonly idle: IdleSpan[];
  readonly starting: Interval[];
}

/** @param windows the times that count */
export function workersTime(trace: Trace, windows: Cover): WorkersTime {
  const idle = { starting: 0, 'no work': 0, 'window full': 0, 'slow consumer': 0, limit: 0 };
  let [running, transfer, waitedForSource] = [0, 0, 0];
  const lastStart = trace.elements.reduce((last, { start }) => Math.max(last, start), 0);
  const beforeLast = common(windows, [{ start: -Infinity, end: lastStart }]);

  for (const own of byWorker(trace).values()) {
    const runs = common(coverOf(own.runs), windows);
    const held = common(coverOf(own.batches), windows);
    running += lengthOf(runs);
    transfer += lengthOf(held) - lengthOf(common(held, runs));
    let taken = coverOf([...runs, ...held]);
    const idleIn = (spans: readonly Interval[], cause: IdleSpan['cause']): void => {
      const spent = common(coverOf(spans), windows);
      const before = lengthOf(taken);
      taken = coverOf([...taken, ...spent]);
      idle[cause] += lengthOf(taken) - before;
    };
    idleIn(own.starting, 'starting');
    for (const cause of CAUSES) {
      const before = idle[cause];
      const spans = own.idle.filter((one) => one.cause === cause);
      if (cause === 'no work') {
        idleIn(common(coverOf(spans), beforeLast), cause);
        waitedForSource += idle[cause] - before;
      }
      idleIn(spans, cause);
    }
  }
  const all = running + transfer + Object.values(idle).reduce((sum, time) => sum + time);
  return { all, running, transfer, idle, waitedForSource };
}

const CAUSES = ['starting', 'slow consumer', 'window full', 'limit', 'no work'] as const;

function byWorker(trace: Trace): Map<number, Own> {
  const workers = new Map<number, Own>();
  const of = (id: number): Own => {
    let own = workers.get(id);
    if (!own) workers.set(id, (own = { runs: [], batches: [], idle: [], starting: [] }));
    return own;
  };
  const lastEnds = new Map<number, Millis>();
  for (const { worker, batch, start, end } of trace.elements) {
    of(worker).runs.push({ start, end });
    lastEnds.set(batch, Math.max(end, lastEnds.get(batch) ?? 0));
  }
  for (const { id, worker, sent, returned = lastEnds.get(id) ?? sent } of trace.batches) {
    // Of one that the worker still has, an element may be running that is not recorded yet.
    of(worker).batches.push({ start: sent, end: Math.max(sent, returned) });
  }
  for (const span of trace.idle) of(span.worker).idle.push(span);
  for (const { id, start, ready, end = trace.duration } of trace.workers) {
    of(id).starting.push({ start, end: ready ?? Math.max(start, end) });
  }
  return workers;
}
