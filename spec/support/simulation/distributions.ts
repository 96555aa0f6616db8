/** How long each of many elements takes, in the shapes that real work has. The same in every run. */
import type { Millis } from '../../../lib/scheduler/facts.js';

/** Milliseconds of an element: sixty of them make a batch on a thread. */
export const MEAN: Millis = 0.05;

/** How many times the mean the giant takes: on 1,024 slots, longer than everything else together. */
const GIANT = 1000;

/** Pareto's shape: below 2 the variance is infinite, as with the sizes of files. */
const ALPHA = 1.5;

const SEED = 1;

/** By a mean of 1. */
const distributions = {
  constant: (count: number) => draw(count, () => 1),
  uniform: (count: number) => draw(count, (random) => 2 * random),
  exponential,
  Pareto: (count: number) =>
    draw(count, (random) => ((ALPHA - 1) / ALPHA) * (1 - random) ** (-1 / ALPHA)),
  'one giant': (count: number) => draw(count, () => 1).with(Math.floor(count / 2), GIANT),
  ascending: (count: number) => exponential(count).sort((a, b) => a - b),
  descending: (count: number) => exponential(count).sort((a, b) => b - a),
} satisfies Record<string, (count: number) => number[]>;

export type Distribution = keyof typeof distributions;

export const DISTRIBUTIONS = Object.keys(distributions) as Distribution[];

export function durationsOf(
  distribution: Distribution,
  count: number,
  mean: Millis = MEAN,
): readonly Millis[] {
  return distributions[distribution](count).map((duration) => duration * mean);
}

function exponential(count: number): number[] {
  return draw(count, (random) => -Math.log(1 - random));
}

/** @param duration of an element, from a random number in [0, 1) */
function draw(count: number, duration: (random: number) => number): number[] {
  const random = mulberry32(SEED);
  return Array.from({ length: count }, () => duration(random()));
}

/**
 * A small seeded generator of random numbers in [0, 1): Tommy Ettinger's mulberry32, in the public
 * domain (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c).
 */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
