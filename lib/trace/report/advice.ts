/** Decides what held the calls up most, and what to tell the user to do about it. */
import { count, formatMillis, formatPercent } from '../formats.js';
import type { Millis } from '../Trace.js';
import type { Bottleneck, Report } from './Report.js';
import type { WorkersTime } from './workersTime.js';

export type Facts = Omit<Report, 'bottleneck' | 'advice' | 'toString'>;

export interface Circumstances extends Pick<WorkersTime, 'all' | 'waitedForSource'> {
  /** The largest `concurrency` of a call, and the most elements that one could have at once, with `perWorker`. */
  readonly asked: number;
  readonly room: number;
  /** Workers that others took the place of; that died, for whatever cause; and that could not be started. */
  readonly replaced: number;
  readonly crashed: number;
  readonly failed: number;
  /** Whether all calls have ended. */
  readonly isOver: boolean;
}

interface Found extends Circumstances {
  /** What is left of the time with no work when the last element has started: others have none until it ends. */
  readonly tail: Millis;
}

/** Share of the workers' time from which on there is little to gain. */
const FINE = 0.8;
/** Share of the workers' time below which a cause is not worth a word. */
const MINOR = 0.08;
/** Milliseconds of an average run below which to send an element costs about as much as to run it. */
const SMALL = 0.05;
/** Milliseconds that the workers waited for each from which on that was not its being one of many. */
const LARGE = 1;

/** Times as long as the average of the others from which on an element counts as long. */
const LONG = 2;

export function adviseOn(
  facts: Facts,
  circumstances: Circumstances,
): Pick<Report, 'bottleneck' | 'advice'> {
  const found = tailOf(facts, circumstances);
  const bottleneck = findBottleneck(facts, found);
  const advice = SENTENCES[bottleneck](facts, found);
  if (facts.runs === 0 || facts.speedUp >= 1 || bottleneck === 'nothing')
    return { bottleneck, advice };
  const [serial, wall] = [formatMillis(facts.serial), formatMillis(facts.wall)];
  return { bottleneck, advice: `Not worth it: ${serial} of work took ${wall}. ${advice}` };
}

function tailOf({ idle, places }: Facts, circumstances: Circumstances): Found {
  // A single place waits for elements, or for the end of their source, whenever it has none.
  const isAlone = places <= 1 && circumstances.room <= 1;
  const waitedForSource = isAlone ? idle['no work'] : circumstances.waitedForSource;
  return { ...circumstances, waitedForSource, tail: idle['no work'] - waitedForSource };
}

function findBottleneck(
  facts: Facts,
  { all, waitedForSource, tail, asked, room }: Found,
): Bottleneck {
  const { runs, elements, workers, places, efficiency, idle, transfer, running } = facts;
  if (runs === 0) return 'unknown';
  if (efficiency >= FINE) {
    if (elements < asked && places < asked) return 'few elements';
    if (running >= FINE * all) return 'nothing';
  }
  const isGiant = isLonger(facts);
  const losses: readonly (readonly [Bottleneck, Millis])[] = [
    ['starting', idle.starting],
    ['transfer', transfer],
    ['abandoned', facts.abandoned],
    [isGiant ? 'long element' : 'few elements', tail],
    ['slow source', waitedForSource],
    ['window full', idle['window full']],
    ['slow consumer', idle['slow consumer']],
    ['limit', idle.limit],
    ['retry delay', idle['retry delay']],
  ];
  const [cause, lost] = losses.reduce((most, one) => (one[1] > most[1] ? one : most));
  if (lost > MINOR * all) return cause;
  if (efficiency >= FINE) return 'nothing';
  if (isGiant) return 'long element';
  // A worker of which a place is free does not idle.
  return places > workers && elements < room ? 'few elements' : 'unknown';
}

/** Whether it is longer than an equal share of all, and than others are: of equal ones, there are too few. */
function isLonger({ longest, runs, serial, places }: Facts): boolean {
  if (!longest || runs === 1) return false;
  const others = (serial - longest.duration) / (runs - 1);
  return longest.duration > serial / places && longest.duration > LONG * others;
}

const SENTENCES: Readonly<Record<Bottleneck, (facts: Facts, found: Found) => string>> = {
  nothing: ({ running }, { all }) =>
    `Fine as it is: workers ran elements ${formatPercent(running / all || 1)} of their time.`,
  starting: ({ idle }, { replaced, crashed }) => {
    const took = `Workers took ${formatMillis(idle.starting)} to start`;
    if (replaced <= 0)
      return `${took}. Keep them for several calls, start fewer, or give them more to do.`;
    const many = replaced === 1 ? 'one was replaced' : `${replaced} were replaced`;
    return crashed > 0
      ? `${took}: ${many}, since elements had ended ${count(crashed, 'worker')}. Look at those that crashed or timed out.`
      : `${took}: ${many}. Raise \`maxElementsPerWorker\`, or leave it out; or keep workers for longer with \`idleTimeout\`.`;
  },
  transfer: ({ transfer, serial, runs, elements }) => {
    const waited = `workers waited ${formatMillis(transfer)}`;
    const each = transfer / elements;
    if (serial / runs < SMALL && each < LARGE) {
      const run = formatMillis(serial / runs);
      return (
        `Elements are small, ${run} each, and ${waited} for them to be sent and returned. Do more in each, such as a ` +
        'block of rows.'
      );
    }
    return (
      `For elements to come and results to be taken, ${waited}, ${formatMillis(each)} for each. If they are large, send ` +
      'less: move memory with `transfer`, send once with `shared`, or read the data in the worker. If the main ' +
      'thread was busy otherwise, have it do less.'
    );
  },
  abandoned: ({ abandoned }) =>
    `Workers were busy for ${formatMillis(abandoned)} with elements of calls that had ended. Have the function look at ` +
    '`context.signal`, so that it stops with its call.',
  'long element': ({ longest, wall, workers }, { tail }) => {
    const othersIdled = workers > 1 && tail > 0;
    const meanwhile = othersIdled
      ? 'other workers had nothing left to do'
      : 'there was too little to run beside it';
    return (
      `${placeOf(longest)} alone took ${formatMillis(longest?.duration ?? 0)} of ${formatMillis(wall)}, and ` +
      `${meanwhile}. Split it, or tell with \`cost\` what elements cost, so that it starts first.`
    );
  },
  'few elements': ({ elements, workers, places }, { asked, room }) => {
    const few = `${count(elements, 'element')} ${elements === 1 ? 'is' : 'are'} too few for`;
    return places > workers
      ? `${few} ${count(Math.max(places, room), 'place')}. Cut them smaller, or use fewer workers or a smaller \`perWorker\`.`
      : `${few} ${count(Math.max(workers, asked), 'worker')}. Cut them smaller, or use fewer workers.`;
  },
  'slow source': (_, { waitedForSource }) =>
    `Workers had nothing to do for ${formatMillis(waitedForSource)}, since elements came too slowly. Read the source ` +
    'faster, or use fewer workers.',
  'window full': ({ idle }) =>
    `Workers waited ${formatMillis(idle['window full'])} for slow elements whose results had to come first. Raise ` +
    '`reorderWindow`, or leave out `ordered`.',
  'slow consumer': ({ idle }) =>
    `Workers waited ${formatMillis(idle['slow consumer'])} for results to be taken. Do less between two of them, or ` +
    'use fewer workers.',
  limit: ({ idle }) =>
    `Workers stood by for ${formatMillis(idle.limit)}, since what waited may not run on more of them. Raise ` +
    '`concurrency`, or use finer keys.',
  'retry delay': ({ idle }) =>
    `Workers stood by for ${formatMillis(idle['retry delay'])} while elements that had failed waited for their next try. ` +
    'Find out why they fail, or shorten the `delay` of `retry`.',
  unknown: ({ runs, stillRunning }, { isOver, failed }) => {
    if (runs > 0)
      return 'No cause stands out. Look at the picture, and whether other programs use the cores.';
    if (stillRunning > 0) return `Nothing has ended yet: ${stillRunning} still running.`;
    if (!isOver) return 'Nothing has run yet.';
    return failed > 0
      ? 'Nothing ran: no worker could be started.'
      : 'Nothing ran before the calls had ended.';
  },
};

export function placeOf(longest: Report['longest']): string {
  return longest ? `${longest.name}[${longest.index}]` : 'One element';
}
