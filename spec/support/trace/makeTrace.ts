/** A trace from the little that a spec is about: elements as they are drawn, and whatever else is given. */
import type { Trace, TracedCall, TracedElement, TracedWorker } from '../../../lib/trace/Trace.js';

type Brief<T> = Partial<T>;

/** [worker, start, end], and what else the element is. Indices go up by themselves. */
export type BriefElement = readonly [
  worker: number,
  start: number,
  end: number,
  rest?: Brief<TracedElement>,
];

export function callOf(rest: Brief<TracedCall> = {}): TracedCall {
  return {
    ...{ id: 0, name: 'work', concurrency: 2, perWorker: 1, start: 0 },
    ...{ arrived: 0, done: 0, failed: 0, cancelled: 0, dropped: 0, retried: 0 },
    ...rest,
  };
}

/** Calls and workers are made up if there are none: one call from 0 to the last end, workers that are ready at 0. */
export function makeTrace(elements: readonly BriefElement[], rest: Brief<Trace> = {}): Trace {
  const duration = rest.duration ?? elements.reduce((last, [, , end]) => Math.max(last, end), 0);
  const ids = [...new Set(elements.map(([worker]) => worker))].sort((a, b) => a - b);
  return {
    ...{ version: 1, startedAt: 0, duration, omitted: 0 },
    calls: [callOf({ end: duration, concurrency: Math.max(1, ids.length) })],
    workers: ids.map((id): TracedWorker => ({ id, start: 0, ready: 0 })),
    elements: elements.map(([worker, start, end, own], index): TracedElement => ({
      ...{ call: 0, index, worker, batch: index, attempt: 1, start, end, outcome: 'done' },
      ...own,
    })),
    ...{ batches: [], reclaims: [], idle: [] },
    ...rest,
  };
}
