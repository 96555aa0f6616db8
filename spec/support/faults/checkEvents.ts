/** Holds the events of a pool whose world has ended against its statistics: they tell the same numbers. */
import type { PoolEvent } from '../../../lib/pool/telemetry/PoolEvent.js';
import type { PoolStats } from '../../../lib/pool/telemetry/PoolStats.js';
import type { Ledger } from './Ledger.js';

type Of<Type> = Extract<PoolEvent, { type: Type }>;

export function checkEvents(events: readonly PoolEvent[], stats: PoolStats, ledger: Ledger): void {
  const of = <Type extends PoolEvent['type']>(type: Type): Of<Type>[] =>
    events.filter((event): event is Of<Type> => event.type === type);
  const is = (what: string, found: number, expected: number): void => {
    ledger.demand(found === expected, `the events tell of ${expected} ${what}, and not ${found}`);
  };
  const { elements, workers, batches, calls } = stats;
  const counts = {
    elementsArrived: elements.arrived,
    elementsDone: elements.done,
    elementsFailed: elements.failed,
    elementsRetried: elements.retried,
    elementsDropped: elements.dropped,
    elementsCancelled: elements.cancelled,
    batchReclaimed: batches.reclaimed,
  } as const;
  for (const [type, count] of Object.entries(counts) as [keyof typeof counts, number][]) {
    is(type, sum(of(type)), count);
  }
  is('calls', of('callStarted').length, calls.ended);
  for (const { call, elements: own } of of('callEnded')) {
    const counted = events.filter((event) => 'count' in event && !('batch' in event));
    const arrived = counted.filter((one) => one.type === 'elementsArrived' && one.call === call);
    is(`elements of call ${call}`, sum(arrived as Of<'elementsArrived'>[]), own.arrived);
    const { done, failed, cancelled, dropped } = own;
    is(`ends of call ${call}`, done + failed + cancelled + dropped, own.arrived);
  }
  is('calls that end', of('callEnded').length, calls.ended);
  is('batches', of('batchStarted').length, batches.started);
  is('batches that return', of('batchReturned').length, batches.started);
  const returned = of('batchReturned').reduce((all, one) => all + one.ended + one.unstarted, 0);
  is('elements in batches', returned + batches.reclaimed, sum(of('batchStarted')));
  is('workers that are ready', of('workerOpened').length, workers.opened);
  is('workers that crash', of('workerCrashed').length, workers.crashed);
  is('workers that fail', of('workerFailed').length, workers.failedToStart);
  const recycled = of('workerClosed').filter(({ reason }) => reason === 'recycled');
  is('workers that are recycled', recycled.length, workers.recycled);
  const ends = of('workerCrashed').length + of('workerFailed').length + of('workerClosed').length;
  is('workers that end', ends, of('workerStarting').length);
  const times = events.map(({ at }) => at);
  ledger.demand(
    times.every((at, nth) => nth === 0 || at >= times[nth - 1]!),
    'time goes on',
  );
}

function sum(events: readonly { readonly count: number }[]): number {
  return events.reduce((total, { count }) => total + count, 0);
}
