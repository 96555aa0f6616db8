/** What is simulated, as tables of text: one row after the other, since each takes a while. */
import type { Millis } from '../../../lib/scheduler/facts.js';
import { formatCount } from '../../bench/report/format.js';
import type { World } from '../simulate.js';
import { leastMakespan, makespanInOrder } from './bounds.js';
import { costPerFact } from './cost.js';
import { DISTRIBUTIONS, durationsOf } from './distributions.js';
import { run, worldOf, type Run } from './run.js';

export interface Table {
  readonly title: string;
  readonly headings: readonly string[];
  /** The rows are worked out while they are asked for. */
  readonly rows: () => Iterable<readonly string[]>;
}

const ELEMENTS = 1_000_000;
const SLOTS = [1, 2, 8, 64, 1024];
const COSTS = ['batches', 'ns per fact', 'ns per element'];

export const TABLES: readonly Table[] = [
  {
    title: 'Slots and distributions',
    headings: ['elements', 'slots', 'efficiency', 'best', 'in order', 'taken back', ...COSTS],
    rows: function* () {
      for (const distribution of DISTRIBUTIONS) {
        const durations = durationsOf(distribution, ELEMENTS);
        for (const slots of SLOTS) yield [distribution, ...alone(durations, slots)];
      }
    },
  },
  {
    title: 'More elements',
    headings: ['elements', 'slots', 'efficiency', 'best', 'in order', 'taken back', ...COSTS],
    rows: function* () {
      for (const count of [1000, 10_000, 100_000, ELEMENTS]) {
        yield [formatCount(count), ...alone(durationsOf('exponential', count), 64)];
      }
    },
  },
  {
    title: 'More lanes',
    headings: ['lanes', 'slots', 'efficiency', 'best', ...COSTS],
    rows: function* () {
      for (const lanes of [1, 10, 100, 1000, 10_000]) {
        yield [formatCount(lanes), ...together(worldOf(64, equalLanes(lanes)))];
      }
      for (const lanes of [1, 10, 100, 1000]) {
        const world = worldOf(1024, equalLanes(lanes), (lane) => 1024 - lane);
        yield [`${formatCount(lanes)}, each of another limit`, ...together(world)];
      }
    },
  },
];

function alone(durations: readonly Millis[], slots: number): string[] {
  const world = worldOf(slots, [durations]);
  const result = run(world);
  const best = leastMakespan(world);
  const inOrder = makespanInOrder(durations, slots);
  return [
    formatCount(slots),
    share(result.efficiency),
    ...[best, inOrder].map((least) => share((result.efficiency * result.makespan) / least)),
    formatCount(result.reclaimed),
    ...costs(world, result, durations.length),
  ];
}

function together(world: World): string[] {
  const result = run(world);
  const best = (result.efficiency * result.makespan) / leastMakespan(world);
  return [
    formatCount(world.size),
    share(result.efficiency),
    share(best),
    ...costs(world, result, ELEMENTS),
  ];
}

/** The elements of all lanes together are always the same. */
function equalLanes(lanes: number): readonly Millis[][] {
  const durations = durationsOf('exponential', ELEMENTS);
  const each = ELEMENTS / lanes;
  return Array.from({ length: lanes }, (_, lane) =>
    durations.slice(lane * each, (lane + 1) * each),
  );
}

function costs(world: World, { facts, batches, everyElementRanOnce }: Run, elements: number) {
  if (!everyElementRanOnce) throw new Error('An element did not run, or ran twice');
  const perFact = costPerFact(world, facts);
  return [
    formatCount(batches),
    formatCount(Math.round(perFact)),
    formatCount(Math.round((perFact * facts.length) / elements)),
  ];
}

function share(figure: number): string {
  return figure.toFixed(3);
}
