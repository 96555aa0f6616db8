/** The shortest times in which the elements of a world can be run. */
import type { Millis } from '../../../lib/scheduler/facts.js';
import { Heap } from '../../../lib/scheduler/Heap.js';
import type { LanePlan, World } from '../simulate.js';

export function durationsIn({ arrivals }: LanePlan): readonly Millis[] {
  // Without a copy of what may be a million.
  return arrivals.length === 1 ? arrivals[0]!.durations : arrivals.flatMap((a) => a.durations);
}

export function totalOf(durations: readonly Millis[]): Millis {
  return durations.reduce((sum, duration) => sum + duration, 0);
}

/** By any schedule, if all elements are there at once: no slot idles, or the longest one decides. */
export function leastMakespan({ size, lanes }: World): Millis {
  const durations = lanes.map(durationsIn);
  const totals = durations.map(totalOf);
  const longest = durations.flat().reduce((most, duration) => Math.max(most, duration), 0);
  return Math.max(
    totalOf(totals) / size,
    longest,
    ...lanes.map(({ limit }, lane) => totals[lane]! / limit),
  );
}

/** Of elements handed out one by one in their order, each to the slot that is free first, at no cost. */
export function makespanInOrder(durations: readonly Millis[], slots: number): Millis {
  const ends = new Heap<Millis>((a, b) => a < b);
  for (let slot = 0; slot < slots; slot++) ends.push(0);
  let makespan = 0;
  for (const duration of durations) {
    const end = ends.pop()! + duration;
    makespan = Math.max(makespan, end);
    ends.push(end);
  }
  return makespan;
}
