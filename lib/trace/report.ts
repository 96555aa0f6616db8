/** Was it worth it? Adds up what a trace holds: what workers did with their time, and what held them up. */
import { checkTrace } from './checkTrace.js';
import { adviseOn } from './report/advice.js';
import { countWorkers } from './report/countWorkers.js';
import { runsOf } from './report/runsOf.js';
import { textOf } from './report/textOf.js';
import { workersTime } from './report/workersTime.js';
import { nameOf } from './formats.js';
import { lengthOf } from './intervals.js';
import type { IdleSpan, Millis, Trace, TracedElement } from './Trace.js';
import { activeTimes } from './windowOf.js';

/** What was in the way of going faster. `nothing`: workers ran elements nearly all the time. */
export type Bottleneck =
  | 'nothing'
  | 'starting'
  | 'transfer'
  | 'long element'
  | 'few elements'
  | 'slow source'
  | 'window full'
  | 'slow consumer'
  | 'limit'
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

/**
 * Whether running in parallel paid, and what to do so that it pays more. Of calls that are under way, what has ended
 * so far. `String(report(trace))` is a text of some ten lines.
 *
 * @throws TypeError for what is no trace
 */
export function report(trace: Trace): Report {
  checkTrace('report', trace);
  const windows = activeTimes(trace);
  const { ended, underWay } = runsOf(trace);
  const runs = [...ended, ...underWay];
  const { workers, places } = countWorkers(trace, runs);
  const time = workersTime(trace, runs, windows);
  const serial = runs.reduce((sum, { start, end }) => sum + end - start, 0);
  const wall = lengthOf(windows);
  const speedUp = ratio(serial, wall);
  const longest = longestOf(ended, trace);
  const facts = {
    names: [...new Set(trace.calls.map((call) => nameOf(call)))],
    elements: new Set(trace.elements.map(({ call, index }) => `${call} ${index}`)).size,
    ...countRuns(trace),
    stillRunning: underWay.length,
    ...{ workers, places, serial, wall, speedUp },
    // Elements that overlap by an error of measurement could make it a little more.
    efficiency: Math.min(1, ratio(speedUp, places)),
    bound: ratio(serial, places) + (1 - ratio(1, places)) * (longest?.duration ?? 0),
    longest,
    running: time.running,
    transfer: time.transfer,
    transferShare: ratio(time.transfer, time.all),
    idle: time.idle,
    omitted: trace.omitted,
  };
  const told = { ...facts, ...adviseOn(facts, { ...time, ...askedFor(trace) }) };
  const toString = { value: () => textOf(told), enumerable: false };
  return Object.defineProperty(told, 'toString', toString);
}

function countRuns({ elements }: Trace): Pick<Report, 'runs' | 'failedRuns' | 'cancelledRuns'> {
  const count = (wanted: TracedElement['outcome']): number =>
    elements.filter(({ outcome }) => outcome === wanted).length;
  const [runs, cancelledRuns] = [elements.length, count('cancelled')];
  return { runs, failedRuns: runs - count('done') - cancelledRuns, cancelledRuns };
}

function ratio(amount: number, of: number): number {
  const result = amount / of;
  return Number.isFinite(result) ? result : 0;
}

function askedFor({ calls }: Trace): { asked: number; room: number } {
  let [asked, room] = [0, 0];
  for (const { concurrency, perWorker } of calls) {
    asked = Math.max(asked, concurrency);
    room = Math.max(room, concurrency * perWorker);
  }
  return { asked, room };
}

function longestOf(elements: readonly TracedElement[], { calls }: Trace): Report['longest'] {
  let longest = elements[0];
  if (!longest) return undefined;
  for (const one of elements) {
    if (one.end - one.start > longest.end - longest.start) longest = one;
  }
  const { call, index, start, end } = longest;
  return { call, name: nameOf(calls.find(({ id }) => id === call)), index, duration: end - start };
}
