/** How many workers a trace's elements were spread over at once, and how many elements could run. */
import { hullOf, peakOf, type Interval } from '../intervals.js';
import type { Trace } from '../Trace.js';
import { callsOf } from '../windowOf.js';
import type { Run } from './runsOf.js';

/**
 * Of workers that took over from each other (`maxElementsPerWorker`, crashes) one is counted; that an old one ends
 * while its successor begins does not make it two, as far as the calls' limits say so.
 */
export function countWorkers(
  trace: Trace,
  runs: readonly Run[],
): { workers: number; places: number } {
  const own = new Map<number, Run[]>();
  for (const run of runs) {
    const others = own.get(run.worker);
    if (others) others.push(run);
    else own.set(run.worker, [run]);
  }
  const [first] = own.keys();
  if (first === undefined) return { workers: 0, places: 0 };
  const lives = [...own.values()].map((some) => hullOf(some)!);
  const workers = Math.max(1, Math.min(peakOf(lives), limitOf(trace)));
  const perWorker = trace.calls.reduce((most, call) => Math.max(most, call.perWorker), 1);
  const peaks = perWorker === 1 ? [1] : [...own.values()].map((some) => peakOf(some));
  const used = peaks.reduce((most, peak) => Math.max(most, peak), 1);
  return { workers, places: workers * Math.min(used, perWorker) };
}

/** Workers that the calls under way could use together, at most. */
function limitOf(trace: Trace): number {
  const ends: (Interval & { readonly by: number })[] = callsOf(trace).map((interval, nth) => {
    return { ...interval, by: trace.calls[nth]!.concurrency };
  });
  const changes = ends.flatMap(({ start, end, by }) => [
    { at: start, by },
    { at: end, by: -by },
  ]);
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  let [now, limit] = [0, 0];
  for (const { by } of changes) limit = Math.max(limit, (now += by));
  return limit > 0 ? limit : Infinity;
}
