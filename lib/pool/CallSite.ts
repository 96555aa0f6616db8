/** Remembers where the user made a call, and shows it in the stacks of the errors that the call gives. */
import { defineLazily } from '../task/defineLazily.js';
import { ParallelError, PoolClosedError, UncloneableError } from '../errors.js';

/**
 * Frames that are kept: the user's line, and who called it. The first one takes V8 1.9 µs on the machine of
 * the benchmarks, with each call, and every further one 0.4.
 */
const KEPT_FRAMES = 2;

export class CallSite {
  /** The name of the public function that was called, for messages. */
  readonly caller: string;
  /** V8 makes text of it only when it is read, which most never are. */
  readonly #trace: { readonly stack?: unknown } = {};
  #frames: string | undefined;

  /** @param door the public function itself: frames from it on are ours, and are left out */
  constructor(caller: string, door: (...args: never[]) => unknown) {
    this.caller = caller;
    const limit = Error.stackTraceLimit;
    // `Reflect.set`, since an assignment would throw under `--frozen-intrinsics`.
    Reflect.set(Error, 'stackTraceLimit', Math.min(limit, KEPT_FRAMES));
    Error.captureStackTrace(this.#trace, door);
    Reflect.set(Error, 'stackTraceLimit', limit);
  }

  /**
   * Gives an error a stack of the worker's frames, where the cause has some, and the caller's below. Where
   * we made the error is of no use to anybody.
   *
   * Leaves errors alone that are not ours, and those that tell of what was done to the pool.
   */
  showIn(error: unknown): void {
    if (!(error instanceof ParallelError) || error instanceof PoolClosedError) return;
    // Only when it is read: what an inline function threw takes a while to be traced to its file.
    defineLazily(error, 'stack', () => this.#stackOf(error));
  }

  #stackOf(error: ParallelError): string {
    this.#frames ??= framesOf(this.#trace.stack);
    const thrown = error instanceof UncloneableError ? '' : framesOf(causeStack(error));
    const parts = [`${error.name}: ${error.message}`, thrown, this.#frames];
    // Looks like a frame, so that viewers keep the frames below.
    if (thrown && this.#frames) parts.splice(2, 0, `    at --- ${this.caller} was called from ---`);
    return parts.filter(Boolean).join('\n');
  }
}

function causeStack({ cause }: Error): unknown {
  return cause instanceof Error ? cause.stack : undefined;
}

/** The lines of frames, without the message above them. Users can make anything of a stack. */
function framesOf(stack: unknown): string {
  if (typeof stack !== 'string') return '';
  const first = stack.search(/^ +at /m);
  return first === -1 ? '' : stack.slice(first).trimEnd();
}
