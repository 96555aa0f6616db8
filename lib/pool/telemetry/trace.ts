/** `trace`: begins a recording, to be handed to a call or a pool. */
import { checkOptions, checkPositiveInteger } from '../../checks.js';
import { quote } from '../../quote.js';
import { TraceRecording, type Recording } from './TraceRecording.js';

export interface TraceOptions {
  /**
   * Tries of elements that are kept, and batches: an integer of at least 1. When there are more, the oldest go. A try
   * takes some 100 bytes. Default: 100,000.
   */
  readonly limit?: number | undefined;
}

const USUAL_LIMIT = 100_000;

/**
 * Records who ran what, from when to when. Handed to a call or to `createPool` as the option `trace`; `read` gives
 * what was recorded.
 *
 * ```ts
 * const recording = trace();
 * await mapArray(jobs, std, { concurrency: 3, trace: recording });
 * console.log(recording.read().elements);
 * ```
 *
 * It may be handed to several calls, but of one pool. Each element that is recorded takes a microsecond more, in its
 * worker and here together.
 *
 * @throws TypeError or RangeError naming the option that is wrong
 */
export function trace(options: TraceOptions = {}): Recording {
  checkOptions('trace', options, ['limit']);
  const { limit = USUAL_LIMIT } = options;
  checkPositiveInteger('trace: limit', limit, 'Leave it out for 100,000');
  return new TraceRecording(limit);
}

/** @throws TypeError when it is none */
export function checkRecording(name: string, given: unknown): TraceRecording | undefined {
  if (given === undefined || TraceRecording.is(given)) return given;
  throw new TypeError(
    `${name} must be a recording from trace() of the same copy of this package, but got ${quote(given)}`,
  );
}
