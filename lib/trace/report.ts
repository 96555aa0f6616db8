/** Was it worth it? Adds up what a trace holds: what workers did with their time, and what held them up. */
import { checkTrace } from './checkTrace.js';
import { adviseOn, type Circumstances } from './report/advice.js';
import { countWorkers } from './report/countWorkers.js';
import type { Report } from './report/Report.js';
import { runsOf } from './report/runsOf.js';
import { textOf } from './report/textOf.js';
import { workersTime } from './report/workersTime.js';
import { nameOf } from './formats.js';
import { lengthOf } from './intervals.js';
import type { Trace, TracedElement, TracedWorker } from './Trace.js';
import { activeTimes } from './windowOf.js';

/**
 * Whether running in parallel paid, and what to do so that it pays more. Of calls that are under way, what workers ran
 * so far. `String(report(trace))` is a text of some ten lines.
 *
 * @throws TypeError for what is no trace
 */
export function report(trace: Trace): Report {
  checkTrace('report', trace);
  const windows = activeTimes(trace);
  const all = runsOf(trace);
  const { ended, underWay } = all;
  const runs = [...ended, ...underWay];
  const { workers, places } = countWorkers(trace, runs);
  const time = workersTime(trace, all, windows);
  const serial = runs.reduce((sum, { start, end }) => sum + end - start, 0);
  const wall = lengthOf(windows);
  const speedUp = ratio(serial, wall);
  const longest = longestOf(ended, trace);
  const facts = {
    names: [...new Set(trace.calls.map((call) => nameOf(call)))],
    elements: new Set(trace.elements.map(({ call, index }) => `${call} ${index}`)).size,
    ...countRuns(trace),
    cancelled: trace.calls.reduce((sum, { cancelled }) => sum + cancelled, 0),
    dropped: trace.calls.reduce((sum, { dropped }) => sum + dropped, 0),
    stillRunning: underWay.length,
    ...{ workers, places, serial, wall, speedUp },
    // Elements that overlap by an error of measurement could make it a little more.
    efficiency: Math.min(1, ratio(speedUp, places)),
    bound: ratio(serial, places) + (1 - ratio(1, places)) * (longest?.duration ?? 0),
    longest,
    running: time.running,
    transfer: time.transfer,
    transferShare: ratio(time.transfer, time.all),
    abandoned: time.abandoned,
    idle: time.idle,
    omitted: trace.omitted,
  };
  const told = {
    ...facts,
    ...adviseOn(facts, { ...time, ...askedFor(trace), ...replacedIn(trace, workers) }),
  };
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

/** Workers that others took the place of. */
function replacedIn(
  { workers, calls }: Trace,
  atOnce: number,
): Pick<Circumstances, 'replaced' | 'crashed' | 'failed' | 'isOver'> {
  const count = (wanted: TracedWorker['ending']): number =>
    workers.filter(({ ending }) => ending === wanted).length;
  const crashed = count('crashed') + count('overdue');
  const failed = count('failed to start');
  const replaced = Math.min(workers.length - atOnce, crashed + count('closed'));
  const isOver = calls.length > 0 && calls.every(({ end }) => end !== undefined);
  return { replaced, crashed, failed, isOver };
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
