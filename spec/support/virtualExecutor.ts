/** An executor in the virtual time of RxJS's TestScheduler: for marble tests of what depends on time. */
import { timer, type Subscription } from 'rxjs';
import { TaskError } from '../../lib/errors.js';
import { indexAt } from '../../lib/task/ranges.js';
import {
  failed,
  type Batch,
  type BatchObserver,
  type Executor,
  type Settled,
  type SlotId,
} from '../../lib/executors/Executor.js';

/** Milliseconds that a batch is said to take: some, so that the next is of one element as well. */
const BUSY = 1;

interface Running {
  readonly element: Subscription;
  readonly observer: BatchObserver;
}

export interface VirtualExecutor extends Executor {
  /** What it was told to do, in order: `open 0`, `start x`, `abort 0`, `close 0`. */
  readonly log: string[];
}

/**
 * Runs the function when an element's time is over. An aborted batch returns at once, as that of an
 * obedient function does.
 *
 * @param frames how many frames of virtual time an element takes
 */
export function virtualExecutor(frames: (value: unknown) => number): VirtualExecutor {
  const log: string[] = [];
  const running = new Map<SlotId, Running>();

  const runFrom = (slot: SlotId, batch: Batch, observer: BatchObserver, position: number): void => {
    log.push(`start ${String(batch.values[position])}`);
    const element = timer(frames(batch.values[position])).subscribe(() => {
      const settled = runElement(batch, position);
      if (position + 1 === batch.values.length) {
        running.delete(slot);
        observer.returned([settled], BUSY);
      } else {
        observer.settled(settled);
        runFrom(slot, batch, observer, position + 1);
      }
    });
    running.set(slot, { element, observer });
  };

  const stop = (slot: SlotId): void => {
    const { element, observer } = running.get(slot) ?? {};
    running.delete(slot);
    element?.unsubscribe();
    observer?.returned([], BUSY);
  };

  return {
    keepsClosures: true,
    overhead: 0,
    log,
    setUp() {
      // Its slots begin with nothing.
    },
    open(slot) {
      log.push(`open ${slot}`);
      return undefined;
    },
    run(slot, batch, observer) {
      if (running.has(slot)) throw new Error(`Slot ${slot} holds a batch already`);
      runFrom(slot, batch, observer, 0);
    },
    forget() {
      // It keeps nothing.
    },
    abort(slot) {
      log.push(`abort ${slot}`);
      stop(slot);
    },
    close(slot) {
      log.push(`close ${slot}`);
      stop(slot);
      return Promise.resolve();
    },
  };
}

function runElement({ task, values, ranges }: Batch, position: number): Settled {
  const index = indexAt(ranges, position);
  try {
    const value: unknown = task.fn!(values[position], index, undefined);
    return { from: position, values: [value], failures: [], durations: [0] };
  } catch (cause) {
    return failed([{ position, reason: new TaskError(index, cause) }])[0]!;
  }
}
