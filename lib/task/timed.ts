/** Has a stopwatch run while an element does. */
import type { Runnable } from './task.js';

export interface Stopwatch {
  /** The element at this position starts now. */
  start(position: number): void;
  /** It has ended, or none has started yet. */
  stop(): void;
}

interface Steps {
  readonly fn: Runnable;
  /** The position of the next element to run; called when the one before it has ended. */
  readonly claim: () => number | undefined;
}

/** The same steps of a batch, which start and stop the watch. */
export function timed({ fn, claim }: Steps, stopwatch: Stopwatch): Steps {
  let position: number | undefined;
  return {
    fn: (...args: unknown[]) => {
      stopwatch.start(position!);
      return fn(...args);
    },
    claim: () => {
      stopwatch.stop();
      return (position = claim());
    },
  };
}

/** What the signal of an element that is over time is aborted with: as by `AbortSignal.timeout`. */
export function timeoutReason(): DOMException {
  return new DOMException('The element is over its time-out', 'TimeoutError');
}
