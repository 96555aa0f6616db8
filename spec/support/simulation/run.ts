/** Runs a world to its end, and says how well its slots were used. */
import type { Fact, Millis } from '../../../lib/scheduler/facts.js';
import { play, type World } from '../simulate.js';
import { durationsIn, totalOf } from './bounds.js';

/** What a message to a worker thread costs, as `threads()` tells the scheduler. */
const THREADS_OVERHEAD: Millis = 0.03;

export interface Run {
  /** All of them, to be told to another scheduler. */
  readonly facts: readonly Fact[];
  readonly makespan: Millis;
  /** Time in which elements ran, over the time of all slots: 1 is perfect. */
  readonly efficiency: number;
  readonly commands: number;
  readonly batches: number;
  /** Batches of which something was taken back. */
  readonly reclaimed: number;
  readonly everyElementRanOnce: boolean;
}

/** A call for each list of durations, all at once, on slots that cost what worker threads do. */
export function worldOf(
  size: number,
  lanes: readonly (readonly Millis[])[],
  limitOf: (lane: number) => number = () => size,
): World {
  return {
    size,
    overhead: THREADS_OVERHEAD,
    lanes: lanes.map((durations, lane) => ({
      limit: limitOf(lane),
      arrivals: [{ after: 0, durations }],
    })),
  };
}

export function run(world: World): Run {
  const facts: Fact[] = [];
  const durations = world.lanes.map(durationsIn);
  const timesRun = durations.map(({ length }) => new Uint8Array(length));
  const count = { commands: 0, startBatch: 0, reclaimBatch: 0 };
  let makespan = 0;
  for (const { at, fact, commands, spans } of play(world)) {
    facts.push(fact);
    count.commands += commands.length;
    for (const { type } of commands) {
      if (type === 'startBatch' || type === 'reclaimBatch') count[type]++;
    }
    for (const { lane, index } of spans) timesRun[lane]![index]!++;
    if (fact.type === 'batchReturned') makespan = at;
  }
  const work = totalOf(durations.map(totalOf));
  return {
    facts,
    makespan,
    efficiency: work / (world.size * makespan),
    commands: count.commands,
    batches: count.startBatch,
    reclaimed: count.reclaimBatch,
    everyElementRanOnce: timesRun.every((times) => times.every((one) => one === 1)),
  };
}
