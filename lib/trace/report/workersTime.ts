/** What all workers did with their time while calls were under way: each moment of a worker counts once. */
import { common, coverOf, lengthOf, type Cover, type Interval } from '../intervals.js';
import type { IdleSpan, Millis, Trace } from '../Trace.js';
import type { Run, Runs } from './runsOf.js';

export interface WorkersTime {
  /** All that is below. */
  readonly all: Millis;
  readonly running: Millis;
  readonly transfer: Millis;
  readonly abandoned: Millis;
  readonly idle: Record<IdleSpan['cause'], Millis>;
  /** Of the time with no work: until the last element started, when more were still to come. */
  readonly waitedForSource: Millis;
}

interface Own {
  readonly runs: Interval[];
  readonly abandoned: Interval[];
  readonly batches: Interval[];
  readonly idle: IdleSpan[];
  readonly starting: Interval[];
}

/** @param windows the times that count */
export function workersTime(trace: Trace, all: Runs, windows: Cover): WorkersTime {
  const runs: readonly Run[] = [...all.ended, ...all.underWay];
  const idle: WorkersTime['idle'] = {
    ...{ starting: 0, 'no work': 0, 'window full': 0, 'slow consumer': 0, limit: 0 },
    'retry delay': 0,
  };
  let [running, transfer, abandoned, waitedForSource] = [0, 0, 0, 0];
  const lastStart = runs.reduce((last, { start }) => Math.max(last, start), 0);
  const beforeLast = common(windows, [{ start: -Infinity, end: lastStart }]);

  for (const own of byWorker(trace, runs, all.abandoned).values()) {
    let taken: Cover = [];
    /** @returns how much of it was spent on nothing before */
    const spend = (spans: readonly Interval[]): Millis => {
      const before = lengthOf(taken);
      taken = coverOf([...taken, ...common(coverOf(spans), windows)]);
      return lengthOf(taken) - before;
    };
    running += spend(own.runs);
    abandoned += spend(own.abandoned);
    transfer += spend(own.batches);
    const idleIn = (spans: readonly Interval[], cause: IdleSpan['cause']): void => {
      idle[cause] += spend(spans);
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
  const idled = Object.values(idle).reduce((sum, time) => sum + time);
  return {
    all: running + transfer + abandoned + idled,
    ...{ running, transfer, abandoned, idle, waitedForSource },
  };
}

/** Of times that several claim, the first has them. */
const CAUSES = [
  'starting',
  'slow consumer',
  'window full',
  'limit',
  'retry delay',
  'no work',
] as const;

function byWorker(trace: Trace, runs: readonly Run[], abandoned: readonly Run[]): Map<number, Own> {
  const workers = new Map<number, Own>();
  const of = (id: number): Own => {
    let own = workers.get(id);
    if (!own)
      workers.set(id, (own = { runs: [], abandoned: [], batches: [], idle: [], starting: [] }));
    return own;
  };
  for (const run of runs) of(run.worker).runs.push(run);
  for (const run of abandoned) of(run.worker).abandoned.push(run);
  for (const { worker, sent, returned = trace.duration } of trace.batches) {
    of(worker).batches.push({ start: sent, end: Math.max(sent, returned) });
  }
  for (const span of trace.idle) of(span.worker).idle.push(span);
  for (const { id, start, ready, end = trace.duration } of trace.workers) {
    of(id).starting.push({ start, end: ready ?? Math.max(start, end) });
  }
  return workers;
}
