/** `mapStream`: maps what can be pulled from on worker threads, in constant memory. */
import { readCall, type CallOptions, type ResultOf } from '../pool/callOptions.js';
import { CallSite } from '../pool/CallSite.js';
import type { PullOptions } from '../pool/flowOptions.js';
import type { Sendable } from '../task/cloneable.js';
import type { TaskFunction } from '../task/task.js';
import type { StreamSource } from './streaming/openSource.js';
import { StreamRun, type ParallelStream } from './streaming/StreamRun.js';

/** Options of `mapStream`. */
export type MapStreamOptions<
  T = never,
  Shared = unknown,
  Settled extends boolean = boolean,
> = CallOptions<T, Shared, Settled> & PullOptions;

/**
 * Maps each element of a source through a function on a pool of worker threads, and reads on only as its results
 * are taken: a source of any length needs no more memory than `highWaterMark` elements do.
 *
 * ```ts
 * for await (const result of mapStream(splitLines(createReadStream('large.csv')), parse, 4)) { ... }
 * ```
 *
 * Results come as workers finish, or in the order of the input with `ordered`. The first failure is thrown, and
 * cancels the rest; an error of the source is thrown once what was read before it has been delivered. Ending the loop
 * early closes the source and cancels what runs. Nothing starts before the first `next`; it can be iterated once.
 *
 * @param source an iterable, an async iterable, a Node `Readable` or a web `ReadableStream`
 * @param fn an inline function, which travels as source and so must use nothing from around it, or a
 *   module task made by `task`
 * @param concurrencyOrOptions workers that serve this call, or an object of options
 * @throws TypeError, RangeError or TaskCaptureError at once, naming what is wrong; a TypeError for a stream that was
 *   read before or is locked
 */
export function mapStream<T, R, Shared = undefined, Settled extends boolean = false>(
  source: StreamSource<T> & Sendable<T, 'input'>,
  fn: TaskFunction<T, R, Shared> & Sendable<R, 'result'>,
  concurrencyOrOptions?:
    number | (MapStreamOptions<T, Shared, Settled> & Sendable<Shared, 'shared'>),
): ParallelStream<ResultOf<R, Settled>> {
  const calledFrom = CallSite.here('mapStream', mapStream);
  return new StreamRun(readCall(calledFrom, fn, concurrencyOrOptions, 'pull'), source);
}
