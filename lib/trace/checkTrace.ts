/**
 * Refuses what is no trace, so that none is drawn that is not there: the text of one, one of another version, or one of which
 * a file, or a program, has spoiled a record. What belongs together (an element and its call) is not looked at.
 */
import { quote } from '../quote.js';
import { checkField, checkRecords, type Shape } from './check/checkRecords.js';
import { natural, oneOf, optional, positive, text, time } from './check/kinds.js';
import type {
  IdleSpan,
  Trace,
  TracedBatch,
  TracedCall,
  TracedElement,
  TracedReclaim,
  TracedWorker,
} from './Trace.js';

/** Of each field of the type, so that none is forgotten. */
type ShapeOf<T> = Shape & { readonly fields: Readonly<Record<keyof T, Shape['fields'][string]>> };

const calls: ShapeOf<TracedCall> = {
  fields: {
    ...{ id: natural, name: text, concurrency: positive, perWorker: positive },
    ...{ start: time, end: optional(time) },
    ...{ arrived: natural, done: natural, failed: natural, cancelled: natural, dropped: natural },
    retried: natural,
  },
  inOrder: [{ earlier: 'start', later: 'end' }],
};

const workers: ShapeOf<TracedWorker> = {
  fields: {
    ...{ id: natural, start: time, ready: optional(time), end: optional(time) },
    ending: optional(oneOf('closed', 'crashed', 'overdue', 'failed to start')),
  },
  inOrder: [
    { earlier: 'start', later: 'ready' },
    { earlier: 'start', later: 'end' },
  ],
};

const elements: ShapeOf<TracedElement> = {
  fields: {
    ...{ call: natural, index: natural, worker: natural, batch: natural, attempt: positive },
    ...{ start: time, end: time },
    outcome: oneOf('done', 'failed', 'timed out', 'crashed', 'cancelled'),
  },
  inOrder: [{ earlier: 'start', later: 'end' }],
};

const batches: ShapeOf<TracedBatch> = {
  fields: {
    ...{ id: natural, call: natural, worker: natural, count: natural },
    ...{ sent: time, returned: optional(time), ran: time },
  },
  inOrder: [{ earlier: 'sent', later: 'returned' }],
};

const reclaims: ShapeOf<TracedReclaim> = {
  fields: { batch: natural, worker: natural, count: natural, at: time },
};

const idle: ShapeOf<IdleSpan> = {
  fields: {
    ...{ worker: natural, start: time, end: time },
    cause: oneOf('starting', 'no work', 'window full', 'slow consumer', 'limit', 'retry delay'),
  },
  inOrder: [{ earlier: 'start', later: 'end' }],
};

const LISTS = { calls, workers, elements, batches, reclaims, idle } as const;

/**
 * Takes a time in proportion to the trace: some 10 ms for 100,000 elements.
 *
 * @param caller as the message shall name it
 * @throws TypeError when it is no trace, or one of a version that is not known here; also RangeError when a record is
 * not as it must be, with its place in the trace
 */
export function checkTrace(caller: string, trace: unknown): asserts trace is Trace {
  const fault = faultOf(trace);
  if (fault !== undefined) {
    throw new TypeError(`${caller} expects a trace of version 1, but got ${fault}`);
  }
  const place = `${caller}: trace.`;
  const { startedAt, duration, omitted, ...lists } = trace as Trace;
  checkField(`${place}startedAt`, time, startedAt);
  checkField(`${place}duration`, time, duration);
  checkField(`${place}omitted`, natural, omitted);
  for (const [name, shape] of Object.entries(LISTS)) {
    checkRecords(place + name, lists[name as keyof typeof LISTS], shape);
  }
}

function faultOf(trace: unknown): string | undefined {
  if (typeof trace === 'string') return 'text. Put it through JSON.parse first';
  if (typeof trace !== 'object' || trace === null) return quote(trace);
  const { version, ...lists } = trace as Record<string, unknown>;
  if (version === undefined) {
    return 'read' in trace ? 'a recording. Hand over its read()' : 'an object without a version';
  }
  if (version !== 1) return `one of version ${quote(version)}`;
  const missing = Object.keys(LISTS).find((name) => !Array.isArray(lists[name]));
  return missing && `one without its list "${missing}"`;
}
