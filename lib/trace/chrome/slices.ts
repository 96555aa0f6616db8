/** What is drawn on the tracks of a Chrome trace: calls, what each worker did, and the batches that it had. */
import { nameOf } from '../formats.js';
import type { Interval } from '../intervals.js';
import type { Trace, TracedElement } from '../Trace.js';

export type Args = Readonly<Record<string, string | number | undefined>>;

/** Something that took time. */
export interface Slice extends Interval {
  readonly name: string;
  readonly cat: 'call' | 'element' | 'worker' | 'batch';
  readonly args: Args;
  /** One of the colours that Chrome knows by name. */
  readonly cname?: string | undefined;
  /** The batch, or the element, that it is. */
  readonly batch?: number;
  readonly element?: TracedElement;
}

const COLOURS: Readonly<Record<TracedElement['outcome'], string | undefined>> = {
  ...{ done: undefined, failed: 'terrible', 'timed out': 'terrible', crashed: 'terrible' },
  cancelled: 'bad',
};

export function callSlices({ calls, duration }: Trace): Slice[] {
  return calls.map((call) => {
    const { name: _, start, end, ...args } = call;
    const until = Math.max(start, end ?? duration);
    return {
      cat: 'call',
      name: longNameOf(call),
      start,
      end: until,
      args: { ...args, ...state(end) },
    };
  });
}

/** By worker: also those that ran nothing. */
export function workerSlices(trace: Trace): Map<number, Slice[]> {
  const ids = [...trace.workers.map(({ id }) => id), ...trace.reclaims.map(({ worker }) => worker)];
  const slices = new Map<number, Slice[]>(ids.map((id) => [id, []]));
  const names = namesIn(trace);
  for (const element of trace.elements) {
    const { worker, start, end, ...args } = element;
    const name = `${names.get(args.call) ?? nameOf(undefined)}[${args.index}]`;
    const slice: Slice = { cat: 'element', name, start, end, args, element };
    put(slices, worker, { ...slice, cname: COLOURS[args.outcome] });
  }
  const known = new Set(trace.workers.map(({ id }) => id));
  for (const { worker, start, end, cause } of trace.idle) {
    // What a worker takes to start is told by its own times, where these are known.
    if (cause === 'starting' && known.has(worker)) continue;
    put(slices, worker, {
      cat: 'worker',
      name: `idle: ${cause}`,
      start,
      end,
      args: {},
      cname: 'grey',
    });
  }
  for (const { id, start, ready, end = trace.duration, ending } of trace.workers) {
    const until = ready ?? Math.max(start, end);
    if (until === start) continue;
    const args = ready === undefined ? { state: ending ?? 'not ready yet' } : {};
    put(slices, id, { cat: 'worker', name: 'starting', start, end: until, args, cname: 'startup' });
  }
  return slices;
}

export function batchSlices(trace: Trace): Map<number, Slice[]> {
  const slices = new Map<number, Slice[]>();
  const names = namesIn(trace);
  for (const { id, worker, sent, returned, ...args } of trace.batches) {
    put(slices, worker, {
      ...{
        cat: 'batch',
        name: `batch ${id} of ${names.get(args.call) ?? nameOf(undefined)}`,
        batch: id,
      },
      ...{ start: sent, end: Math.max(sent, returned ?? trace.duration) },
      args: { ...args, ...state(returned) },
    });
  }
  return slices;
}

function state(end: number | undefined): Args {
  return end === undefined ? { state: 'under way' } : {};
}

function namesIn({ calls }: Trace): Map<number, string> {
  return new Map(calls.map((call) => [call.id, longNameOf(call)]));
}

function longNameOf(call: Trace['calls'][number]): string {
  return nameOf(call, 100);
}

function put(slices: Map<number, Slice[]>, worker: number, slice: Slice): void {
  const own = slices.get(worker);
  if (own) own.push(slice);
  else slices.set(worker, [slice]);
}
