/** How the elements of a call end that wants failures as results as well. */
import { BufferOverflowError, type ParallelError } from '../errors.js';
import type { Millis, Settled } from '../executors/Executor.js';
import type { Range } from '../task/ranges.js';

/** How one element ended, as a value. What a call with `settled: true` gives for each element. */
export type SettledElement<R> = {
  /** The element's place in the input, from 0. */
  readonly index: number;
  /** How often it was tried: once, unless the call has `retry`; not at all if `overflow` dropped it. */
  readonly attempts: number;
  /** Milliseconds that the function took in the worker; 0 if it did not come to an end there. */
  readonly duration: Millis;
} & (
  | { readonly status: 'fulfilled'; readonly value: R }
  | { readonly status: 'rejected'; readonly reason: ParallelError }
);

/**
 * @param ended places of the elements in the input
 * @param attemptsOf how often an element was tried, by its place in the input
 */
export function settledElements(
  ended: readonly Range[],
  { from, values, failures, durations }: Settled,
  attemptsOf: (index: number) => number,
): SettledElement<unknown>[] {
  const reasons = new Map(failures.map(({ position, reason }) => [position, reason]));
  const elements: SettledElement<unknown>[] = [];
  for (const { start, end } of ended) {
    for (let index = start; index < end; index++) {
      const nth = elements.length;
      const common = { index, attempts: attemptsOf(index), duration: durations?.[nth] ?? 0 };
      const reason = reasons.get(from + nth);
      elements.push(
        reason
          ? { status: 'rejected', reason, ...common }
          : { status: 'fulfilled', value: values[nth], ...common },
      );
    }
  }
  return elements;
}

/** Those that never ran. @param mostWaiting how many may wait */
export function droppedElements(
  { start, end }: Range,
  mostWaiting: number,
): Extract<SettledElement<never>, { status: 'rejected' }>[] {
  return Array.from({ length: end - start }, (_, nth) => ({
    status: 'rejected',
    reason: new BufferOverflowError(start + nth, mostWaiting),
    index: start + nth,
    attempts: 0,
    duration: 0,
  }));
}
