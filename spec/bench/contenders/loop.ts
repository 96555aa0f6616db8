/** The plain loop on the main thread: what needs no message at all. */
import * as functions from '../workers/functions.mjs';
import type { Work } from '../works.js';
import type { Contender } from './Contender.js';

export function loop(): Contender {
  const fnOf = (fn: Work['fn']) =>
    (fn === 'transferred' ? functions.touch : functions[fn]) as (value: unknown) => unknown;
  return {
    name: 'plain loop',
    open: async () => {},
    one: async (fn, value) => fnOf(fn)(value),
    map: async (fn, values) => {
      const apply = fnOf(fn);
      return values.map((value) => apply(value));
    },
    close: async () => {},
  };
}
