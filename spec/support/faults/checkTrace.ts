/** Holds the trace of a pool whose world has ended against the results, and against itself. */
import { checkTrace as checkRecords } from '../../../lib/trace/checkTrace.js';
import type { Trace, TracedElement } from '../../../lib/trace/Trace.js';
import type { Counted } from './checkStats.js';
import type { Ledger } from './Ledger.js';

/** Times are differences of others, which do not always come out the same to the last digit. */
const EPSILON = 1e-6;

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * @param calls those that it has
 * @param isOfPool whether it was of all calls, and on as long as the pool was
 */
export function checkTrace(
  trace: Trace,
  calls: readonly Counted[],
  isOfPool: boolean,
  ledger: Ledger,
): void {
  // What cannot be drawn is refused by that, with what is wrong of it.
  checkRecords('a world', trace);
  ledger.demand(trace.omitted === 0, 'nothing is left out of a trace that has room');
  ledger.demand(trace.calls.length === calls.length, 'the trace has its calls');
  for (const call of calls) checkCall(trace, call, ledger);
  checkBatches(trace, ledger);
  checkWorkers(trace, isOfPool, ledger);
}

function checkCall(trace: Trace, { account, counts }: Counted, ledger: Ledger): void {
  const { id, end, plan } = account;
  const demand = (isKept: boolean, what: string): void => {
    ledger.demand(isKept, `the trace of lane ${id} has ${what}`);
  };
  const tries = new Map<number, TracedElement[]>();
  for (const element of trace.elements.filter(({ call }) => call === id)) {
    const others = tries.get(element.index);
    if (others) others.push(element);
    else tries.set(element.index, [element]);
  }
  const all = [...tries.values()];
  for (const own of all) {
    demand(
      own.every(({ attempt }, nth) => attempt === nth + 1),
      'each try once, in order',
    );
    demand(own.length <= 1 + (plan.retry?.count ?? 0), 'no more tries than there may be');
    const isLastOnly = own.slice(0, -1).every(({ outcome }) => outcome !== 'done');
    demand(isLastOnly, 'no try of an element that gave a result');
  }
  const done = all.filter((own) => own.at(-1)!.outcome === 'done').length;
  const further = all.reduce((sum, own) => sum + own.length - 1, 0);
  demand(done >= counts.done, `all ${counts.done} results: ${done}`);
  const traced = trace.calls.find((one) => one.id === id)!;
  demand(traced.end !== undefined && traced.end >= traced.start, 'its end');
  demand(
    Object.entries(counts).every(([name, count]) => {
      return name === 'inFlight' || traced[name as 'done'] === count;
    }),
    'the counts of the statistics',
  );
  if (end !== 'complete') return;
  const lasts = all.map((own) => own.at(-1)!.outcome);
  demand(!lasts.includes('cancelled'), 'nothing that was cancelled');
  demand(done === counts.done, `${counts.done} results, and not ${done}`);
  // One that is given up never starts again.
  const areAllStarted = account.losses.size === 0;
  const { retried } = counts;
  const isRight = areAllStarted ? further === retried : further <= retried;
  demand(isRight, `${retried} further tries, and not ${further}`);
  // One that is given up never ran, and no more was one that was moved behind one that crashed.
  demand(all.length - done <= counts.failed, 'no more failures than there were');
}

function checkBatches(trace: Trace, ledger: Ledger): void {
  ledger.demand(
    trace.batches.every(({ returned }) => returned !== undefined),
    'each batch of the trace has returned',
  );
  const batches = new Map(trace.batches.map((batch) => [batch.id, batch]));
  for (const { batch: id, call, worker, index, start, end } of trace.elements) {
    const batch = batches.get(id);
    const isIts = batch?.call === call && batch.worker === worker;
    ledger.demand(isIts, `element ${index} of lane ${call} has its batch in the trace`);
    const { sent = 0, returned = Infinity } = batch ?? {};
    const isWithin = sent - EPSILON <= start && start <= end && end <= returned + EPSILON;
    ledger.demand(isWithin, `element ${index} of lane ${call} runs while its batch is there`);
  }
}

function checkWorkers(trace: Trace, isOfPool: boolean, ledger: Ledger): void {
  for (const { id, start, ready, end = trace.duration, ending } of trace.workers) {
    const demand = (isKept: boolean, what: string): void => {
      ledger.demand(isKept, `worker ${id} ${what} in the trace`);
    };
    // Else the recording was over before.
    if (isOfPool) demand(ending !== undefined, 'has an end');
    const elements = trace.elements.filter(({ worker }) => worker === id);
    const idle = trace.idle.filter(({ worker }) => worker === id);
    const life = ready ?? end;
    for (const span of elements) {
      demand(span.start >= life - EPSILON && span.end <= end + EPSILON, 'runs while it lives');
    }
    for (const span of idle) {
      const isStarting = span.cause === 'starting';
      const [from, to] = isStarting ? [start, life] : [life, end];
      demand(span.start >= from - EPSILON && span.end <= to + EPSILON, 'idles while it lives');
    }
    const overlaps = (one: Span, other: Span): boolean =>
      one.start < other.end - EPSILON && other.start < one.end - EPSILON;
    // What takes no time is beside nothing.
    for (const span of elements.filter(({ start, end }) => end - start > EPSILON)) {
      const { perWorker } = trace.calls.find(({ id: call }) => call === span.call)!;
      const isAt = (other: Span): boolean =>
        other.start <= span.start + EPSILON && span.start < other.end - EPSILON;
      const beside = elements.filter((other) => other !== span && isAt(other)).length;
      demand(beside < perWorker, `runs ${beside + 1} elements at once: ${JSON.stringify(span)}`);
      demand(!idle.some((other) => overlaps(span, other)), 'idles and runs at once');
    }
    for (const [nth, span] of idle.entries()) {
      demand(!idle.slice(nth + 1).some((other) => overlaps(span, other)), 'idles once at a time');
    }
  }
}
