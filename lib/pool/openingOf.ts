/** What the scheduler is told of a call as it begins. */
import type { Fact, Millis } from '../scheduler/facts.js';
import type { Lane } from './Lane.js';
import type { LaneOptions } from './LaneOptions.js';

/** The fact that a lane opens with. */
export function openingOf(lane: Lane, options: LaneOptions, pace: Millis | undefined): Fact {
  const pinned = options.transfer !== undefined;
  return {
    type: 'laneOpened',
    lane: lane.id,
    limit: options.concurrency,
    perSlot: options.perWorker,
    batchSize: options.batchSize,
    pinned,
    // What is moved to a slot is lost with it, and an element over time may end the slot.
    alone: pinned && options.timeout !== undefined,
    byCost: options.cost !== undefined,
    byKey: options.key !== undefined,
    onePerKey: options.retry !== undefined,
    pace,
    windowEnd: lane.windowEnd,
    buffer: options.buffer,
    wantsPace: lane.wantsPace,
  };
}
