/** What is measured of streams: how fast they are, what order costs, and that memory stays where it is. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Ours } from './contenders/ours.js';
import type { Group } from './groups.js';
import type { Entry } from './interleave.js';
import { lowerBound } from './works.js';

const UNORDERED = 'ours, mapStream';
const ORDERED = 'ours, mapStream in order';
const CLONE = 'structured clone';

/** Every 37th takes a hundred times longer. */
const mixed = Array.from({ length: 4_000 }, (_, i) => (i % 37 === 36 ? 5_000 : 50));

export const streams: readonly Group[] = [
  {
    id: 'stream',
    repetitions: { full: 3, quick: 1 },
    entries: () => [
      inNewProcess(UNORDERED, 'ours', 'unordered'),
      inNewProcess(ORDERED, 'ours', 'ordered'),
      inNewProcess(CLONE, 'limit', 'clone'),
    ],
    views: [
      {
        id: 'stream',
        title: '10,000,000 small objects through a stream',
        about:
          'From a generator, `({ id, value }) => ({ id, twice: value * 2 })`, in a new process. “structured clone” writes and reads each once, in one thread: so much the main thread has to do for each in any case.',
        figure: 'rate',
        unit: 'elements/s',
        better: 'more',
        targets: [
          { contender: UNORDERED, atLeast: 500_000 },
          { contender: UNORDERED, against: CLONE, atLeast: 0.6 },
          { contender: ORDERED, against: UNORDERED, atLeast: 0.9 },
        ],
      },
      {
        id: 'stream-memory',
        title: 'Growth of memory in the same runs',
        about: 'Of the whole process (RSS), after the first 200,000 elements.',
        figure: 'growth',
        unit: 'MiB',
        better: 'less',
        targets: [
          { contender: UNORDERED, atMost: 60 },
          { contender: ORDERED, atMost: 60 },
        ],
      },
    ],
  },
  {
    id: 'stream-mixed',
    repetitions: { full: 9, quick: 3 },
    entries: ({ ours }) => [pulled(UNORDERED, ours, false), pulled(ORDERED, ours, true)],
    views: [
      {
        id: 'stream-mixed',
        title: '4,000 elements of 50 µs and 5 ms, in order',
        about: 'Every 37th takes 5 ms; those after it wait for it.',
        figure: 'share',
        unit: 'of the limit',
        better: 'more',
        targets: [{ contender: ORDERED, against: UNORDERED, atLeast: 0.95 }],
      },
    ],
  },
];

const run = promisify(execFile);
const program = fileURLToPath(new URL('./streaming/objects.mjs', import.meta.url));

function inNewProcess(contender: string, kind: Entry['kind'], how: string): Entry {
  return {
    contender,
    kind,
    elements: 10_000_000,
    every: 1,
    async measure() {
      const { stdout } = await run(process.execPath, [program, how]);
      return JSON.parse(stdout) as { rate: number; growth: number };
    },
  };
}

function pulled(contender: string, ours: Ours, ordered: boolean): Entry {
  return {
    contender,
    kind: 'ours',
    elements: mixed.length,
    every: 1,
    async measure() {
      const start = performance.now();
      const count = await ours.pull(mixed, ordered);
      const wall = performance.now() - start;
      if (count !== mixed.length) throw new Error(`gave ${count} of ${mixed.length} results`);
      return { wall, share: lowerBound(mixed) / wall };
    },
  };
}
