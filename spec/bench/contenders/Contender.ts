/** What takes part in a benchmark: a pool of two workers that are warm. */
import type { Work } from '../works.js';

export interface Contender {
  readonly name: string;
  /** Starts the workers. Called once, before anything else. */
  open(): Promise<void>;
  /** Runs one element. */
  one(fn: Work['fn'], value: unknown): Promise<unknown>;
  /** Where it can do better than calling `one` for each element. Results in the order of the input. */
  map?(fn: Work['fn'], values: readonly unknown[]): Promise<unknown[]>;
  close(): Promise<unknown>;
}

/** All at once, as the READMEs of the pools show it. */
export function mapWith(
  contender: Contender,
  fn: Work['fn'],
  values: readonly unknown[],
): Promise<unknown[]> {
  return (
    contender.map?.(fn, values) ?? Promise.all(values.map((value) => contender.one(fn, value)))
  );
}

/** What to hand over rather than copy. */
export function transferListOf(fn: Work['fn'], value: unknown): ArrayBuffer[] {
  return fn === 'transferred' ? [value as ArrayBuffer] : [];
}
