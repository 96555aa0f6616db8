/** Decides why a worker that is ready has nothing to run. */
import type { LaneView } from '../../scheduler/facts.js';
import type { IdleSpan } from '../../trace/Trace.js';

/** What a call waits for. */
export interface CallView extends LaneView {
  /** Why it has not even been handed what would be next. `full`: so much is on its way already. */
  readonly pausedBy: 'slow consumer' | 'window full' | 'full' | undefined;
}

/**
 * Whether a worker might run something of the call, if only its window were larger: since it is in order, and an
 * early result is missing.
 */
export function isHeldUp({ waiting, held, hasRoom, pausedBy }: CallView): boolean {
  return hasRoom && waiting === 0 && (held > 0 || pausedBy === 'window full');
}

/** From the most telling on. */
const CAUSES = ['window full', 'slow consumer', 'limit', 'retry delay'] as const;

/** Of all calls of the pool, the one with the most telling cause says it: nothing of the others would be waiting. */
export function idleCause(calls: readonly CallView[]): IdleSpan['cause'] {
  const causes = new Set(calls.map(causeOf));
  return CAUSES.find((cause) => causes.has(cause)) ?? 'no work';
}

function causeOf(call: CallView): IdleSpan['cause'] {
  const { waiting, locked, held, delayed, pausedBy } = call;
  // The scheduler leaves no worker idle beside what it may run.
  if (waiting > 0) return 'limit';
  if (held > 0 || pausedBy === 'window full') return 'window full';
  if (locked > 0) return 'limit';
  if (pausedBy === 'slow consumer') return 'slow consumer';
  if (delayed > 0) return 'retry delay';
  return pausedBy === 'full' ? 'limit' : 'no work';
}
