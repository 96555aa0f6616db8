/** Reads how a call's elements come in and go out: their order, and how many may be on their way. */
import { checkBoolean, checkNatural, checkPositiveInteger } from '../checks.js';
import { quote } from '../quote.js';
import type { Buffer } from '../scheduler/facts.js';

/** For the results of a stream. */
export interface OrderOptions {
  /**
   * Whether results come in the order of the input. Default: false, as workers finish. It costs little: one
   * element that takes long keeps those after it from coming, but not from running.
   */
  readonly ordered?: boolean | undefined;
  /**
   * With `ordered`, how far the workers may be ahead of the first element whose result is missing, in elements:
   * an integer of at least 1. That many results are kept, at most; no more start while one is awaited for so long.
   * Default: as many as keep each worker busy for 24 ms, at least 256 and at most 2,048 for each.
   */
  readonly reorderWindow?: number | undefined;
  /**
   * Elements that will come, for `onProgress`: an integer of at least 0. Default: known once the source has ended.
   */
  readonly total?: number | undefined;
}

/** For a source that pushes, whether anybody is ready or not. */
export interface PushOptions extends OrderOptions {
  /**
   * What becomes of elements that come while `highWaterMark` others wait for a worker. `'buffer'`: they wait, too,
   * however many there are, as with `mergeMap`. `'error'`: the call ends with a BufferOverflowError.
   * `'drop-oldest'`, `'drop-newest'`: of those that wait, the one that came first or last never runs; with
   * `settled`, it ends with a BufferOverflowError. Default: `'buffer'`.
   */
  readonly overflow?: 'buffer' | 'error' | 'drop-oldest' | 'drop-newest' | undefined;
  /** Elements that may wait for a worker, where `overflow` is not `'buffer'`: an integer of at least 1. Default: 1,024. */
  readonly highWaterMark?: number | undefined;
}

/** For a source that is pulled from. */
export interface PullOptions extends OrderOptions {
  /**
   * Elements that may have been read from the source and not been delivered, at most: an integer of at least 1.
   * Default: as many as keep each worker busy for 24 ms by the time that they are measured to take, at least four
   * batches and at most 2,048 elements for each.
   */
  readonly highWaterMark?: number | undefined;
}

/** Who hands elements in, and takes results. */
export type Face = 'array' | 'push' | 'pull';

export interface Flow {
  readonly ordered: boolean;
  /** Elements that may be on their way, where that is bounded. */
  readonly atMost: number | undefined;
  readonly buffer: Buffer | undefined;
}

/** The options that each face has beside those that all have. */
export const FLOW_OPTIONS: Readonly<Record<Face, readonly string[]>> = {
  array: [],
  push: ['ordered', 'reorderWindow', 'overflow', 'highWaterMark', 'total'],
  pull: ['ordered', 'reorderWindow', 'highWaterMark', 'total'],
};

const OVERFLOWS = ['buffer', 'error', 'drop-oldest', 'drop-newest'];

/** Elements that may wait, by default: a burst of a second at 1,000 per second. */
const USUAL_BUFFER = 1024;

type Given = Partial<Record<keyof PushOptions | 'cost' | 'retry', unknown>>;

/** How many elements will come, if that is known. @throws TypeError or RangeError naming what is wrong */
export function readTotal(caller: string, { total }: { total?: unknown }): number | undefined {
  if (total !== undefined) {
    checkNatural(`${caller}: total`, total, 'Leave it out if it is not known');
  }
  return total as number | undefined;
}

/** @throws TypeError or RangeError naming what is wrong */
export function readFlow(caller: string, face: Face, given: Given): Flow {
  const { ordered = false, reorderWindow, highWaterMark, overflow = 'buffer' } = given;
  checkBoolean(`${caller}: ordered`, ordered);
  checkCount(`${caller}: reorderWindow`, reorderWindow);
  checkCount(`${caller}: highWaterMark`, highWaterMark);
  if (reorderWindow !== undefined && !ordered) {
    throw new TypeError(`${caller}: reorderWindow is for ordered: true. Set that, or leave it out`);
  }
  const window = reorderWindow as number | undefined;
  const mark = highWaterMark as number | undefined;
  if (face === 'pull') return { ordered, atMost: least(window, mark), buffer: undefined };
  return { ordered, atMost: window, buffer: readBuffer(caller, overflow, mark, given) };
}

function readBuffer(
  caller: string,
  overflow: unknown,
  size: number | undefined,
  { cost, retry }: Given,
): Buffer | undefined {
  if (!OVERFLOWS.includes(overflow as string)) {
    throw new TypeError(
      `${caller}: overflow must be one of ${OVERFLOWS.join(', ')}, but got ${quote(overflow)}`,
    );
  }
  if (overflow === 'buffer') {
    if (size === undefined) return undefined;
    throw new TypeError(
      `${caller}: highWaterMark says when there are too many elements, and so needs overflow: 'error', 'drop-oldest' or 'drop-newest': what pushes cannot be asked to wait. mapStream reads no more than it can use`,
    );
  }
  if (overflow !== 'error' && cost !== undefined) {
    throw new TypeError(
      `${caller}: overflow: '${String(overflow)}' does not go together with cost, by which elements wait in another order than they came. Leave one of them out`,
    );
  }
  if (overflow === 'drop-oldest' && retry !== undefined && retry !== 0) {
    throw new TypeError(
      `${caller}: overflow: 'drop-oldest' does not go together with retry: the oldest that waits may have run before, and would be told of as if it had not. Use 'drop-newest', or leave one of them out`,
    );
  }
  return { size: size ?? USUAL_BUFFER, overflow: overflow as Buffer['overflow'] };
}

function checkCount(name: string, count: unknown): void {
  if (count !== undefined) checkPositiveInteger(name, count, 'Leave it out for the default');
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
