/** The elements that the contenders are given, and what must come back. */
import { max, sum } from 'simple-statistics';

/** Every contender has two workers, so that figures can be compared between machines. */
export const WORKERS = 2;

/** Elements, and which of the functions in `workers/functions.mjs` they go through. */
export interface Work {
  readonly name: string;
  readonly fn: 'trivial' | 'spin' | 'transferred';
  readonly count: number;
  /** For `transferred`, new ones at each call, because a buffer can be given away only once. */
  elements(): readonly unknown[];
  /** @throws Error when the results are not what the function gives, in the order of the input */
  check(results: ArrayLike<unknown>): void;
}

/** `x => x + 1` over 0, 1, 2 ... */
export function trivial(count: number): Work {
  const elements = Array.from({ length: count }, (_, i) => i);
  return {
    name: `trivial-${count}`,
    fn: 'trivial',
    count,
    elements: () => elements,
    check: (results) => expect(count, results, (result, i) => result === i + 1),
  };
}

/** Each element keeps a core busy for as many microseconds as its value says. */
export function spin(name: string, microseconds: readonly number[]): Work {
  return {
    name,
    fn: 'spin',
    count: microseconds.length,
    elements: () => microseconds,
    check: (results) =>
      expect(microseconds.length, results, (result, i) => result === microseconds[i]),
  };
}

/** Buffers of one MiB that change hands twice, and are written into on the way. */
export function buffers(count: number): Work {
  return {
    name: `buffers-${count}`,
    fn: 'transferred',
    count,
    elements: () => Array.from({ length: count }, () => new ArrayBuffer(2 ** 20)),
    check: (results) =>
      expect(
        count,
        results,
        (result) => result instanceof ArrayBuffer && new Uint8Array(result)[0] === 1,
      ),
  };
}

/** Milliseconds that the best schedule on as many workers takes at least. */
export function lowerBound(microseconds: readonly number[]): number {
  return Math.max(sum([...microseconds]) / WORKERS, max([...microseconds])) / 1000;
}

function expect(
  count: number,
  results: ArrayLike<unknown>,
  isRight: (result: unknown, i: number) => boolean,
): void {
  if (results.length !== count) throw new Error(`gave ${results.length} of ${count} results`);
  for (let i = 0; i < count; i++) {
    if (!isRight(results[i], i)) throw new Error(`gave ${String(results[i])} as result ${i}`);
  }
}
