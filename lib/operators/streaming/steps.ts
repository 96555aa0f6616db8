/** Steps of a source that mapStream reads: what they must be, and what stands for one. */
import { quote } from '../../quote.js';
import type { Step } from './openSource.js';

/** Stands for a step: others have had their turn. */
export const NOTHING_YET: Step = { done: false, value: undefined };

export function nextTurn(): Promise<Step> {
  return new Promise((resolve) =>
    setImmediate(() => {
      resolve(NOTHING_YET);
    }),
  );
}

/** Nobody wants what it gives any more: not even that it fails. */
export function hush(step: unknown): void {
  const value: unknown = (step as Partial<Step> | undefined)?.value;
  if (isThenable(value)) value.then(undefined, () => undefined);
}

/** @throws TypeError about what is no step of an iterator */
export function checked(step: unknown): Step {
  if (typeof step === 'object' && step !== null) return step as Step;
  throw new TypeError(
    `The source of mapStream must give { done, value } from its next(), but gave ${quote(step)}`,
  );
}

export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
