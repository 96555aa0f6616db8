/** Remembers where the user made a call, and shows it in the stacks of the errors that the call gives. */
import { defineLazily } from '../task/defineLazily.js';
import { ParallelError, PoolClosedError, UncloneableError } from '../errors.js';

type Door = (...args: never[]) => unknown;

/** Frames that are shown: the user's line, and who called it. Each further one takes V8 0.4 µs. */
const SHOWN_FRAMES = 2;

/** Frames that are looked through for those, where Node's own are between. */
const AWAITING_FRAMES = 10;

export class CallSite {
  /** The name of the public function that was called, for messages. */
  readonly caller: string;
  readonly #door: Door;
  /** V8 makes text of it only when it is read, which most never are. */
  #trace: { readonly stack?: unknown } | undefined;
  #frames: string | undefined;

  /** @param door the public function itself: frames from it on are ours, and are left out */
  constructor(caller: string, door: Door) {
    this.caller = caller;
    this.#door = door;
  }

  /** For a call that is being made. It takes V8 2 µs where that is all it does, and 6 to 10 between others. */
  static here(caller: string, door: Door): CallSite {
    const site = new CallSite(caller, door);
    site.#remember(SHOWN_FRAMES);
    return site;
  }

  /**
   * For an asynchronous door that has failed, and costs nothing where it does not: V8 knows which async
   * functions await it. Who does not await it, is not found.
   */
  rememberAwaiting(): void {
    this.#remember(AWAITING_FRAMES);
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

  #remember(frames: number): void {
    this.#trace = {};
    const limit = Error.stackTraceLimit;
    // `Reflect.set`, since an assignment would throw under `--frozen-intrinsics`.
    Reflect.set(Error, 'stackTraceLimit', Math.min(limit, frames));
    Error.captureStackTrace(this.#trace, this.#door);
    Reflect.set(Error, 'stackTraceLimit', limit);
  }

  #stackOf(error: ParallelError): string {
    this.#frames ??= usersOf(framesOf(this.#trace?.stack));
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

/** Without the platform's own. */
function usersOf(frames: string): string {
  const lines = frames.split('\n').filter((line) => !line.includes('node:internal/'));
  return lines.slice(0, SHOWN_FRAMES).join('\n');
}
