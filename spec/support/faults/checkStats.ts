/** Holds the statistics of a pool whose world has ended against what the ledger and the slots say. */
import type { Counts } from '../../../lib/pool/telemetry/CallAccount.js';
import type { PoolStats } from '../../../lib/pool/telemetry/PoolStats.js';
import type { FaultyExecutor } from './FaultyExecutor.js';
import type { LaneAccount, Ledger } from './Ledger.js';

/** A call, with what the pool counted of it. */
export interface Counted {
  readonly account: LaneAccount;
  readonly counts: Readonly<Counts>;
}

export function checkStats(
  stats: PoolStats,
  calls: readonly Counted[],
  ledger: Ledger,
  executor: FaultyExecutor,
): void {
  for (const call of calls) checkCall(call, ledger);
  checkTotals(stats, calls, ledger);
  checkWorkers(stats, ledger, executor);
  for (const { p50, p90, p99, max } of Object.values(stats.times)) {
    ledger.demand(0 <= p50 && p50 <= p90 && p90 <= p99 && p99 <= max, 'quantiles go up');
  }
}

function checkCall({ account, counts }: Counted, ledger: Ledger): void {
  const { id, plan, pushed, results, failures, retried, end, told, losses } = account;
  const demand = (isKept: boolean, what: string): void => {
    ledger.demand(isKept, `lane ${id} has its ${what} counted: ${JSON.stringify(counts)}`);
  };
  const { done, failed, cancelled, dropped } = counts;
  demand(counts.arrived === pushed, `${pushed} elements`);
  demand(done + failed + cancelled + dropped === pushed, 'elements as something each');
  demand(counts.inFlight === 0, 'elements as in flight no more');
  // What waits for its turn in order has ended, and was not given out.
  const areAllGivenOut = plan.window === undefined || end === 'complete';
  demand(areAllGivenOut ? done === results : done >= results, `${results} results`);
  demand(areAllGivenOut ? failed === failures : failed >= failures, `${failures} failures`);
  demand(done + failed <= told.size + losses.size, 'elements as ended that were told of');
  // Of what has failed last, a call that ends tries nothing again.
  demand(end === 'complete' ? counts.retried === retried : counts.retried <= retried, 'retries');
}

function checkTotals({ elements, calls }: PoolStats, own: readonly Counted[], ledger: Ledger) {
  ledger.demand(calls.open === 0 && calls.ended === own.length, 'each call is counted');
  for (const [name, count] of Object.entries(elements)) {
    if (name === 'waiting') {
      ledger.demand(count === 0, 'nothing waits at the end');
      continue;
    }
    const total = own.reduce((sum, { counts }) => sum + counts[name as keyof Counts], 0);
    ledger.demand(count === total, `${total} elements are ${name} in the statistics: ${count}`);
  }
}

function checkWorkers(
  { workers, batches, times }: PoolStats,
  ledger: Ledger,
  executor: FaultyExecutor,
) {
  const slots = [...executor.slots.values()];
  const { starting, alive, busy, busyTime, aliveTime } = workers;
  ledger.demand(starting + alive + busy === 0, 'no worker is left in the statistics');
  ledger.demand(busyTime <= aliveTime, 'workers are busy while they are alive');
  const unclosed = slots.filter(({ closedAt }) => closedAt === undefined);
  const lost = unclosed.filter(({ isLost }) => isLost).length;
  ledger.demand(workers.crashed === lost, `${lost} workers crashed, and not ${workers.crashed}`);
  const failed = unclosed.filter(({ hasFailed }) => hasFailed).length;
  ledger.demand(workers.failedToStart === failed, `${failed} workers failed to start`);
  const opened = slots.filter(({ openedAt }) => openedAt !== undefined);
  const toldOf = opened.filter(({ openedAt, closedAt }) => openedAt !== closedAt).length;
  const isOpened = toldOf <= workers.opened && workers.opened <= opened.length;
  ledger.demand(isOpened, `${toldOf} workers were ready, and not ${workers.opened}`);
  ledger.demand(batches.started >= executor.batches, 'each batch is counted');
  ledger.demand(batches.reclaimed === executor.reclaimed, 'what is taken back is counted');
  ledger.demand(times.transfer.count <= executor.batches, 'a batch has one round');
}
