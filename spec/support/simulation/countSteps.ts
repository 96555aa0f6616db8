/** Counts work without a clock, so that the count is the same in every run. */
import { Heap } from '../../../lib/scheduler/Heap.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** What is walked step by step, be it in a loop or a spread, and the heap, whose calls are logarithmic. */
const COUNTED: readonly (readonly [prototype: object, method: string])[] = [
  [Object.getPrototypeOf(new Map().keys()) as object, 'next'],
  [Object.getPrototypeOf(new Set().keys()) as object, 'next'],
  [Object.getPrototypeOf([].values()) as object, 'next'],
  [Heap.prototype, 'push'],
  [Heap.prototype, 'pop'],
];

/**
 * Steps over maps, sets and arrays, and calls of heaps, by synchronous work. Does not see what an array
 * does on its own (`indexOf`, `splice`, `filter`).
 */
export function countSteps(work: () => void): number {
  let steps = 0;
  const originals = COUNTED.map(([prototype, name]) => {
    const original = Reflect.get(prototype, name) as Method;
    Reflect.set(prototype, name, function (this: unknown, ...args: unknown[]) {
      steps++;
      return original.apply(this, args);
    });
    return original;
  });
  try {
    work();
  } finally {
    for (let i = 0; i < COUNTED.length; i++) Reflect.set(...COUNTED[i]!, originals[i]);
  }
  return steps;
}
