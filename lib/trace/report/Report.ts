/** What a report tells of a trace. */
import type { IdleSpan, Millis } from '../Trace.js';

/** What was in the way of going faster. `nothing`: workers ran elements nearly all the time. */
export type Bottleneck =
  | 'nothing'
  | 'starting'
  | 'transfer'
  | 'abandoned'
  | 'long element'
  | 'few elements'
  | 'slow source'
  | 'window full'
  | 'slow consumer'
  | 'limit'
  | 'retry delay'
  | 'unknown';

export interface Report {
  /** Names of the functions that were called. */
  readonly names: readonly string[];
  /** Elements that ran and ended, each counted once however often it was tried. */
  readonly elements: number;
  /**
   * How often one of them ran, retries included; how often that failed, and how often the call had ended before. Of these
   * counts the time until then.
   */
  readonly runs: number;
  readonly failedRuns: number;
  readonly cancelledRuns: number;
  /** Elements that had not ended when their call did, and those that `overflow` dropped: whether they ran or not. */
  readonly cancelled: number;
  readonly dropped: number;
  /** Workers, or places of them, that were at an element when the trace was read. What they ran until then counts. */
  readonly stillRunning: number;
  /** Workers that ran elements at the same time, at most. */
  readonly workers: number;
  /**
   * Elements that could have run at the same time: `workers`, times as many as one of them did run, at most. No more than
   * `perWorker`, which may be far more than there were elements for.
   */
  readonly places: number;
  /** What the runs take one after the other: their sum. More than without workers, where these compete for cores. */
  readonly serial: Millis;
  /** How long a call was under way; time between calls does not count. */
  readonly wall: Millis;
  /** `serial / wall`. */
  readonly speedUp: number;
  /** `speedUp / places`, from 0 to 1. */
  readonly efficiency: number;
  /** What handing each next element to a free worker takes at most: `serial / m + (1 - 1 / m) * longest`, m places. */
  readonly bound: Millis;
  /** The longest run. */
  readonly longest:
    | {
        readonly call: number;
        readonly name: string;
        readonly index: number;
        readonly duration: Millis;
      }
    | undefined;
  /** Time of all workers together in which they ran at least one element. */
  readonly running: Millis;
  /** In which they had a batch and ran none of it: it was on its way to them or back, or was copied. */
  readonly transfer: Millis;
  /** In which they were still at elements of calls that had ended, while another was under way. */
  readonly abandoned: Millis;
  /** `transfer` as a share of all the workers' time, from 0 to 1. */
  readonly transferShare: number;
  /** In which they idled while a call was under way, by cause; `starting` is the time that they took to start. */
  readonly idle: Readonly<Record<IdleSpan['cause'], Millis>>;
  /** Records that the trace has not kept: what is told here is of the others. */
  readonly omitted: number;
  readonly bottleneck: Bottleneck;
  /** One sentence or two: what held it up, and what to do about it. */
  readonly advice: string;
  /** All of it as lines of text. */
  readonly toString: () => string;
}
