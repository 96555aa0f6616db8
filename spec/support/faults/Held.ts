/** A batch that a slot has, as both ends see it: the worker, and the main thread. */
import type {
  Batch,
  BatchObserver,
  Failure,
  Millis,
  Settled,
} from '../../../lib/executors/Executor.js';
import type { TimeoutWatch } from '../../../lib/executors/TimeoutWatch.js';
import type { Try } from './World.js';

/** The element of a batch that runs, and what it shall come to. */
export interface Running {
  readonly position: number;
  readonly fate: Try;
  readonly since: Millis;
}

interface Unsaid {
  from: number;
  values: unknown[];
  failures: Failure[];
  /** When each started and ended. */
  spans: (readonly [Millis, Millis])[];
}

export function nothingUnsaid(from: number): Unsaid {
  return { from, values: [], failures: [], spans: [] };
}

export interface Held {
  readonly batch: Batch;
  readonly observer: BatchObserver;
  /** Whether the worker is at it. */
  hasBegun: boolean;
  running: Running | undefined;
  /** Whether that went on for the grace after its time. */
  isOverdue: boolean;
  /** Whether it shall run alone. */
  readonly isApart: boolean;
  /** What is next of it. */
  timer: NodeJS.Timeout | undefined;
  /** Elements that the worker has claimed, of those that it may. */
  claimed: number;
  claimable: number;
  /** Whether nothing more of it may start, though nobody has taken it back. */
  isStopped: boolean;
  /** Ended, from `from` on, and not told yet. */
  unsaid: Unsaid;
  /** Positions whose outcomes the main thread knows. */
  readonly told: Set<number>;
  /** Where its elements may run for some time only. */
  watch: TimeoutWatch | undefined;
  /** Positions of those whose time was over. */
  readonly expired: Set<number>;
  abortedAt: Millis | undefined;
  busySince: Millis;
}

/** The outcomes that were not told yet, which now are. */
export function takeUnsaid(held: Held): Settled {
  const { from, values, failures, spans } = held.unsaid;
  const { settled, wantsTimes } = held.batch;
  held.unsaid = nothingUnsaid(from + values.length);
  const durations = settled || wantsTimes ? spans.map(([start, end]) => end - start) : undefined;
  const starts = wantsTimes ? spans.map(([start]) => start) : undefined;
  return { from, values, failures, durations, starts };
}
