/** What is measured: the works, who takes part with how many elements, and what ours must reach. */
import { execFile } from 'node:child_process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from 'simple-statistics';
import { mapWith, type Contender } from './contenders/Contender.js';
import type { Ours } from './contenders/ours.js';
import type { Python } from './contenders/python.js';
import { collectGarbage, type Entry, type Sample } from './interleave.js';
import { mainThreadTime } from './mainThreadTime.js';
import { buffers, lowerBound, spin, trivial, type Work } from './works.js';

/** Who takes part, with warm workers. */
export interface Cast {
  readonly ours: Ours;
  readonly loop: Contender;
  readonly halves: Contender;
  readonly piscina: Contender;
  readonly tinypool: Contender;
  readonly workerpool: Contender;
  readonly poolifier: Contender;
  readonly poolifierQueue: Contender;
  readonly threads: Contender;
  /** undefined where there is no Python. */
  readonly python: Python | undefined;
}

/** Works that are measured together. */
export interface Group {
  readonly id: string;
  readonly repetitions: { readonly full: number; readonly quick: number };
  entries(cast: Cast): Entry[];
  readonly views: readonly View[];
}

/** One figure of a group: a table, and a panel of the picture. */
export interface View {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** Which figure of the samples. */
  readonly figure: string;
  readonly unit: 'elements/s' | 'of the limit' | 'ms' | 'µs' | 'MiB';
  readonly better: 'more' | 'less';
  readonly targets: readonly Target[];
}

/** What a contender of ours must reach, as a ratio to another's figure, or as a figure itself. */
export interface Target {
  readonly contender: string;
  readonly against?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Stands for whichever of the JavaScript pools has the best median. */
export const BEST_PEER = 'best peer';
const PYTHON = 'python Pool.map';
const STREAM = 'ours, from().pipe()';
const FIRST_CALL = 'ours, first call';
const HEARD = 'ours, events heard';
const TRACED = 'ours, traced';
const BY_COST = 'ours, with cost';
const BARE = 'bare Worker';

export const groups: readonly Group[] = [
  {
    id: 'trivial',
    repetitions: { full: 41, quick: 8 },
    entries: (cast) => {
      const work = trivial(20_000);
      return [
        mapped(cast.ours, work, { kind: 'ours' }),
        entry(FIRST_CALL, 'ours', work, cast.ours.mapFresh),
        entry(HEARD, 'ours', work, (values) => cast.ours.mapHeard('trivial', values)),
        entry(TRACED, 'ours', work, (values) => cast.ours.mapTraced('trivial', values)),
        ...python(cast, work),
        mapped(cast.loop, work, { kind: 'limit' }),
        ...queueless(cast).map((peer) => mapped(peer, work, { every: 8 })),
        mapped(cast.threads, trivial(400), { every: 8 }),
      ];
    },
    views: [
      {
        id: 'trivial',
        title: '20,000 trivial elements',
        about:
          '`x => x + 1`, array in, array out. The first call is that of a function that no worker has seen; its ratio is to `Pool.map` at any call. Statistics are always on; the events are heard by one who does nothing, and the trace has each element.',
        figure: 'rate',
        unit: 'elements/s',
        better: 'more',
        targets: [
          { contender: 'ours', against: PYTHON, atLeast: 1 },
          { contender: FIRST_CALL, against: PYTHON, atLeast: 0.3 },
        ],
      },
    ],
  },
  {
    id: 'million',
    repetitions: { full: 13, quick: 4 },
    entries: (cast) => {
      const work = trivial(1_000_000);
      const smaller = trivial(20_000);
      return [
        mapped(cast.ours, work, { kind: 'ours' }),
        entry(STREAM, 'ours', work, (values) => cast.ours.mapStream('trivial', values), {
          anyOrder: true,
        }),
        ...python(cast, work),
        mapped(cast.loop, work, { kind: 'limit' }),
        ...queueless(cast).map((peer) => mapped(peer, smaller, { every: 4 })),
      ];
    },
    views: [
      {
        id: 'million',
        title: '1,000,000 trivial elements',
        about:
          'Array in, array out; `from().pipe()` is `from(array).pipe(parallelMap(...), toArray())`.',
        figure: 'rate',
        unit: 'elements/s',
        better: 'more',
        targets: [
          { contender: 'ours', against: PYTHON, atLeast: 1.5 },
          { contender: STREAM, against: PYTHON, atLeast: 0.4 },
        ],
      },
      {
        id: 'main-thread',
        title: 'Main-thread CPU per trivial element',
        about: 'In the same runs: the processor time of the main thread alone.',
        figure: 'cpu',
        unit: 'µs',
        better: 'less',
        targets: [{ contender: 'ours', atMost: 0.15 }],
      },
    ],
  },
  {
    id: 'short',
    repetitions: { full: 15, quick: 4 },
    entries: (cast) => {
      const microseconds = constant(4_000, 50);
      return [
        ...spinning(cast, 'short', microseconds, 200, 3),
        mapped(cast.halves, spin('short', microseconds), {
          kind: 'limit',
          limit: lowerBound(microseconds),
        }),
      ];
    },
    views: [
      share(
        'short',
        '4,000 elements of 50 µs',
        'All alike, and short; they keep a core busy. “halves, no pool” is what two workers do that get a half each in one message.',
        0.97,
      ),
    ],
  },
  {
    id: 'short-many',
    repetitions: { full: 9, quick: 2 },
    entries: (cast) => {
      const microseconds = constant(40_000, 50);
      const work = spin('short-many', microseconds);
      const limit = lowerBound(microseconds);
      return [
        mapped(cast.ours, work, { kind: 'ours', limit }),
        mapped(cast.halves, work, { kind: 'limit', limit }),
        ...python(cast, work, limit),
        ...[cast.poolifier, cast.poolifierQueue, cast.piscina].map((peer) =>
          mapped(peer, work, { limit, every: 4 }),
        ),
      ];
    },
    views: [share('short-many', '40,000 elements of 50 µs', 'The same for longer.', 0.98)],
  },
  {
    id: 'skewed',
    repetitions: { full: 11, quick: 3 },
    entries: (cast) => spinning(cast, 'skewed', everyTenth(0), undefined, 1),
    views: [
      share(
        'skewed',
        '60 elements of 2 and 40 ms',
        '2 ms, but every tenth (0, 10, ... 50) takes 40 ms, so that short ones come last.',
        0.975,
      ),
    ],
  },
  {
    id: 'skewed-last',
    repetitions: { full: 11, quick: 3 },
    entries: (cast) => [
      ...spinning(cast, 'skewed-last', everyTenth(9), undefined, 1),
      entry(
        BY_COST,
        'ours',
        spin('skewed-last', everyTenth(9)),
        (values) => cast.ours.mapByCost('spin', values as number[]),
        { limit: lowerBound(everyTenth(9)) },
      ),
    ],
    views: [
      {
        ...share(
          'skewed-last',
          '60 elements of 2 and 40 ms, ending long',
          'As before, but 9, 19, ... 59 are the long ones. Handed out one by one in the order of the input, 0.946 is all that can be had; `cost` starts the long ones first.',
          undefined,
        ),
        targets: [{ contender: BY_COST, atLeast: 0.975 }],
      },
    ],
  },
  {
    id: 'giants',
    repetitions: { full: 9, quick: 2 },
    entries: (cast) => {
      const microseconds = constant(20_000, 20);
      for (const i of [100, 7_000, 13_000]) microseconds[i] = 200_000;
      return spinning(cast, 'giants', microseconds, 0, 4);
    },
    views: [
      share(
        'giants',
        '20,000 elements of 20 µs, three of 200 ms',
        'The long ones are at 100, 7,000 and 13,000.',
        0.96,
      ),
    ],
  },
  {
    id: 'buffers',
    repetitions: { full: 21, quick: 5 },
    entries: (cast) => {
      const work = buffers(100);
      return [
        mapped(cast.ours, work, { kind: 'ours' }),
        ...queueless(cast).map((peer) => mapped(peer, work, {})),
        mapped(cast.threads, work, {}),
      ];
    },
    views: [
      {
        id: 'buffers',
        title: '100 buffers of 1 MiB, transferred',
        about:
          'To the worker, which writes into them, and back. poolifier 5.3 cannot transfer results: it copies them.',
        figure: 'rate',
        unit: 'elements/s',
        better: 'more',
        targets: [{ contender: 'ours', against: BEST_PEER, atLeast: 1.5 }],
      },
    ],
  },
  {
    id: 'startup',
    repetitions: { full: 25, quick: 7 },
    entries: () => [
      newProcess(BARE, 'limit', 'bare'),
      newProcess('ours', 'ours', 'ours'),
      newProcess('piscina', 'peer', 'piscina', 2),
      newProcess('tinypool', 'peer', 'tinypool', 2),
      newProcess('workerpool', 'peer', 'workerpool', 2),
      newProcess('poolifier', 'peer', 'poolifier', 2),
      newProcess('threads', 'peer', 'threads', 2),
    ],
    views: [
      {
        id: 'startup',
        title: 'First result in a new process',
        about: 'Since the process started, with one worker. All of them import `rxjs`.',
        figure: 'start',
        unit: 'ms',
        better: 'less',
        targets: [{ contender: 'ours', against: BARE, atMost: 1.4 }],
      },
      {
        id: 'startup-imports',
        title: 'First result, since the first import',
        about: "In the same processes, without Node's own start.",
        figure: 'imports',
        unit: 'ms',
        better: 'less',
        targets: [{ contender: 'ours', against: BARE, atMost: 1.4 }],
      },
    ],
  },
  {
    id: 'round-trip',
    repetitions: { full: 25, quick: 7 },
    entries: (cast) => [
      oneByOne(cast.ours, 'ours', 300),
      ...queueless(cast).map((peer) => oneByOne(peer, 'peer', 300)),
      oneByOne(cast.threads, 'peer', 30),
      ...pythonTrips(cast, 300),
    ],
    views: [
      {
        id: 'round-trip',
        title: 'Round trip of one element',
        about:
          'On an idle pool, `x => x + 1`, one after the other: the median of a repetition. Python: `Pool.apply`.',
        figure: 'trip',
        unit: 'µs',
        better: 'less',
        targets: [{ contender: 'ours', against: 'piscina', atMost: 1 }],
      },
    ],
  },
];

/** The JavaScript pools that can be given all elements at once. */
function queueless(cast: Cast): Contender[] {
  return [cast.piscina, cast.tinypool, cast.workerpool, cast.poolifier, cast.poolifierQueue];
}

function share(id: string, title: string, about: string, atLeast: number | undefined): View {
  return {
    id,
    title,
    about,
    figure: 'share',
    unit: 'of the limit',
    better: 'more',
    targets: atLeast === undefined ? [] : [{ contender: 'ours', atLeast }],
  };
}

function constant(count: number, microseconds: number): number[] {
  return new Array<number>(count).fill(microseconds);
}

function everyTenth(remainder: number): number[] {
  return Array.from({ length: 60 }, (_, i) => (i % 10 === remainder ? 40_000 : 2_000));
}

/** @param forThreads how many of the elements threads' Pool is given; undefined: all; 0: it is left out */
function spinning(
  cast: Cast,
  name: string,
  microseconds: readonly number[],
  forThreads: number | undefined,
  every: number,
): Entry[] {
  const work = spin(name, microseconds);
  const limit = lowerBound(microseconds);
  const fewer = microseconds.slice(0, forThreads);
  return [
    mapped(cast.ours, work, { kind: 'ours', limit }),
    ...python(cast, work, limit),
    mapped(cast.loop, work, { kind: 'limit', limit, every }),
    ...queueless(cast).map((peer) => mapped(peer, work, { limit, every })),
    ...(fewer.length > 0
      ? [mapped(cast.threads, spin(`${name}-fewer`, fewer), { limit: lowerBound(fewer), every })]
      : []),
  ];
}

interface EntryOptions {
  readonly kind?: Entry['kind'];
  readonly every?: number;
  /** Milliseconds that the work takes at least. */
  readonly limit?: number;
  /** Whether results, numbers then, come in the order in which workers finish. */
  readonly anyOrder?: boolean;
}

function mapped(contender: Contender, work: Work, options: EntryOptions): Entry {
  const map = (values: readonly unknown[]) => mapWith(contender, work.fn, values);
  return entry(contender.name, options.kind ?? 'peer', work, map, options);
}

function entry(
  contender: string,
  kind: Entry['kind'],
  work: Work,
  map: (values: readonly unknown[]) => Promise<unknown[]>,
  { every = 1, limit, anyOrder = false }: EntryOptions = {},
): Entry {
  return {
    contender,
    kind,
    elements: work.count,
    every,
    async measure() {
      collectGarbage();
      // V8 lets go of compiled code that was not used between two collections. So the first runs,
      // which are not measured, put everything back to where it is in a program that goes on.
      await forAWhile(() => map(work.elements()));
      const values = work.elements();
      const cpuBefore = mainThreadTime();
      const start = performance.now();
      const results = await map(values);
      const wall = performance.now() - start;
      const cpu = mainThreadTime() - cpuBefore;
      work.check(anyOrder ? Float64Array.from(results as number[]).sort() : results);
      return { ...figures(work, wall, limit), cpu: (cpu * 1000) / work.count };
    },
  };
}

/** Milliseconds of runs before the one that is measured. */
const BEFORE = 20;

async function forAWhile(run: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + BEFORE;
  do await run();
  while (performance.now() < end);
}

function figures(work: Work, wall: number, limit: number | undefined): Sample {
  return {
    wall,
    rate: (work.count * 1000) / wall,
    ...(limit === undefined ? {} : { share: limit / wall }),
  };
}

function python({ python }: Cast, work: Work, limit?: number): Entry[] {
  if (!python) return [];
  const measure = async () => {
    await forAWhile(() => python.map(work));
    return figures(work, await python.map(work), limit);
  };
  return [{ contender: PYTHON, kind: 'python', elements: work.count, every: 1, measure }];
}

function pythonTrips({ python }: Cast, count: number): Entry[] {
  if (!python) return [];
  const measure = async () => ({ trip: (await python.trips(count)) * 1000 });
  return [{ contender: 'python Pool.apply', kind: 'python', elements: count, every: 1, measure }];
}

function oneByOne(contender: Contender, kind: Entry['kind'], count: number): Entry {
  return {
    contender: contender.name,
    kind,
    elements: count,
    every: 1,
    async measure() {
      collectGarbage();
      const trips: number[] = [];
      for (let i = 0; i < count; i++) {
        const start = performance.now();
        const result = await contender.one('trivial', i);
        trips.push(performance.now() - start);
        if (result !== i + 1) throw new Error(`Expected ${i + 1}, but got ${String(result)}`);
        // So that whoever has something left to do afterwards is idle again.
        await nextTurn();
      }
      return { trip: median(trips) * 1000 };
    },
  };
}

const run = promisify(execFile);
const startup = fileURLToPath(new URL('./startup/main.mjs', import.meta.url));

function newProcess(contender: string, kind: Entry['kind'], name: string, every = 1): Entry {
  return {
    contender,
    kind,
    elements: 1,
    every,
    async measure() {
      const { stdout } = await run(process.execPath, [startup, name]);
      return JSON.parse(stdout) as { start: number; imports: number };
    },
  };
}
