/** What the scheduler itself costs: facts that were recorded are told to new schedulers. */
import { median } from 'simple-statistics';
import type { Fact } from '../../../lib/scheduler/facts.js';
import { Scheduler } from '../../../lib/scheduler/Scheduler.js';
import { mainThreadTime } from '../../bench/mainThreadTime.js';
import { optionsIn, type World } from '../simulate.js';

/** Told again and again until they are so many, where a world has few: the clock is coarse. */
const LEAST_FACTS = 10_000;

const WARM_UPS = 1;
const REPETITIONS = 5;

type Nanoseconds = number;

/** The processor time of one fact: the median of some repetitions. */
export function costPerFact(world: World, facts: readonly Fact[]): Nanoseconds {
  const rounds = Math.ceil(LEAST_FACTS / facts.length);
  const costs: Nanoseconds[] = [];
  for (let repetition = -WARM_UPS; repetition < REPETITIONS; repetition++) {
    const before = mainThreadTime();
    for (let round = 0; round < rounds; round++) tell(world, facts);
    const taken = mainThreadTime() - before;
    if (repetition >= 0) costs.push((taken * 1e6) / (rounds * facts.length));
  }
  return median(costs);
}

/** To a new scheduler. */
export function tell(world: World, facts: readonly Fact[]): void {
  const scheduler = new Scheduler(optionsIn(world));
  for (const fact of facts) scheduler.handle(fact);
}
