/** The one family of errors. Every message says what was expected, what came, and what to do. */
import { describeThrown, nameAndMessage, quote } from './quote.js';

/** Base class of everything this library raises itself, so that one `instanceof` tells. */
export class ParallelError extends Error {
  override readonly name: string = 'ParallelError';
}

/**
 * The function threw (or rejected) for one element.
 *
 * `cause` is what it threw: an error is rebuilt on this side with name, message, stack, code, cause
 * and own properties; anything else that was thrown arrives as it is.
 */
export class TaskError extends ParallelError {
  override readonly name = 'TaskError';

  constructor(
    /** Place of the element in the input, from 0. */
    readonly index: number,
    cause: unknown,
    /** What to do about it, where that is known. */
    remedy?: string,
  ) {
    const what = `Element ${index} failed: ${describeThrown(cause)}`;
    super(remedy === undefined ? what : `${what}. ${remedy}`, { cause });
  }
}

/**
 * An element ran for longer than the call's `timeout`, counted from its start in the worker.
 *
 * Its `context.signal` was aborted then. Whatever the function still did, this is how the element ended.
 */
export class TaskTimeoutError extends ParallelError {
  override readonly name = 'TaskTimeoutError';
  /** Whether its worker ended with it, since the function went on for the grace of 200 ms. */
  readonly workerEnded: boolean;

  constructor(
    /** Place of the element in the input, from 0. */
    readonly index: number,
    /** Milliseconds that it had. */
    readonly timeout: number,
    /** What came of it. An element is `quarantined` that has ended several workers. */
    outcome: 'stopped' | 'workerEnded' | 'quarantined' = 'stopped',
  ) {
    super(
      `Element ${index} was still running after ${timeout} ms, which is its timeout. ${TIMEOUT_OUTCOMES[outcome]}Give it more time with the option timeout, or find out what it waits for.`,
    );
    this.workerEnded = outcome !== 'stopped';
  }
}

const TIMEOUT_OUTCOMES = {
  stopped: '',
  workerEnded: 'It did not stop when context.signal was aborted, so that its worker was replaced. ',
  quarantined:
    'Three workers have ended with it by now, and it is not tried again: it does not stop when context.signal is aborted. ',
};

/** What ended a worker, as far as the platform tells. */
export interface CrashDetails {
  /** Exit code of the worker, where it ended by itself. */
  readonly exitCode?: number | undefined;
  /** The uncaught error that ended it, where there was one. */
  readonly cause?: unknown;
  /** How many other elements it ran at the same time. */
  readonly beside?: number | undefined;
  /**
   * What it was doing: by default it ran the element, or started where there was none. A worker of the
   * user's is `making` until the pool has it, then `exposing` until it has said hello. `initializing`: it
   * ran the pool's initializer. An element is `moved` that was transferred to a worker which ended while it
   * ran another, and `quarantined` if it has ended several workers.
   */
  readonly when?:
    | 'starting'
    | 'making'
    | 'exposing'
    | 'initializing'
    | 'idle'
    | 'receiving'
    | 'running'
    | 'moved'
    | 'quarantined';
}

/**
 * A worker ended while it ran an element, or could not start at all.
 *
 * Only the element that was running is lost: what the worker had not started goes to other workers,
 * and the worker is replaced.
 */
export class WorkerCrashedError extends ParallelError {
  override readonly name = 'WorkerCrashedError';
  /** Exit code of the worker, where it ended by itself. */
  readonly exitCode: number | undefined;
  /** What the worker was doing. */
  readonly when: NonNullable<CrashDetails['when']>;

  constructor(
    /** Place in the input of the element that was running; undefined where none was. */
    readonly index: number | undefined,
    details: CrashDetails = {},
  ) {
    const { exitCode, cause, when = index === undefined ? 'starting' : 'running' } = details;
    super(describeEnd(index, when, details), 'cause' in details ? { cause } : undefined);
    this.exitCode = exitCode;
    this.when = when;
  }
}

/** A name that a function takes from around it, at the place where it first does so. */
export interface Capture {
  /** As it is written: `factor`, `this`, `#secret`, `import('./x.js')`. */
  readonly name: string;
  /** Line and column, from 1: in `file`, or in the function's own source where there is no `file`. */
  readonly line: number;
  readonly column: number;
  /** The user's file, before it was compiled. */
  readonly file?: string;
}

/** A function that cannot travel to a worker as source. */
export class TaskCaptureError extends ParallelError {
  override readonly name = 'TaskCaptureError';

  constructor(
    message: string,
    /** What it takes from around it, in the order of its source; empty where it is refused for another reason. */
    readonly captures: readonly Capture[] = [],
  ) {
    super(message);
  }
}

/** A module task that cannot be found in its module, or whose module does not load. */
export class TaskLoadError extends ParallelError {
  override readonly name = 'TaskLoadError';
}

/** A value that structured clone cannot carry to a worker or back. */
export class UncloneableError extends ParallelError {
  override readonly name = 'UncloneableError';

  constructor(
    /** Place of the element in the input, from 0; undefined for what a pool shares. */
    readonly index: number | undefined,
    /** Which value: what went to the worker, what came out of it, or what the call or its pool shares. */
    readonly side: 'input' | 'result' | 'shared',
    /** Where in the value: `result.user.save is a function`. */
    readonly reason: string,
    options?: { readonly cause?: unknown },
  ) {
    super(
      `The ${side === 'shared' ? 'shared value' : `${side} of element ${index}`} cannot be copied between threads: ${reason.replace(/\.+$/, '')}. ` +
        'Send plain data (objects, arrays, typed arrays, Map, Set, Date, errors), and make functions and handles inside the worker.',
      options,
    );
  }
}

/** Elements came faster than they were mapped, and the call bounds how many may wait. */
export class BufferOverflowError extends ParallelError {
  override readonly name = 'BufferOverflowError';

  constructor(
    /** Place in the input of the element that was dropped; undefined where the call ended. */
    readonly index: number | undefined,
    /** Elements that may wait for a worker. */
    readonly highWaterMark: number,
  ) {
    super(
      index === undefined
        ? `More than ${highWaterMark} elements wait for a worker, which is the highWaterMark of this call. Its overflow is 'error': use more workers, let it drop elements, or read from a source that can wait with mapStream.`
        : `Element ${index} was dropped before it ran: more than ${highWaterMark} elements waited for a worker, which is the highWaterMark of this call.`,
    );
  }
}

/** The pool was closed or destroyed. */
export class PoolClosedError extends ParallelError {
  override readonly name = 'PoolClosedError';
}

function describeEnd(
  index: number | undefined,
  when: WorkerCrashedError['when'],
  details: CrashDetails,
): string {
  const why = describeCrash(details);
  switch (when) {
    case 'starting':
      return `No worker could be started: ${why}. Check the pool's options (execArgv, env, resourceLimits) and the memory that is free.`;
    case 'making':
      return `The function \`worker\` made no worker: ${why}. ${remedyForMaking(details.cause)}`;
    case 'exposing':
      return `The worker file is not ready: ${why}. ${remedyForExposing(details)}`;
    case 'initializing':
      return `The pool's initializer failed: ${details.exitCode === undefined ? describeThrown(details.cause) : why}. Every worker runs it before its first element, so that none can be used. Catch in it what workers can do without`;
    case 'idle':
      return `A worker ended while it was idle: ${why}.`;
    case 'receiving':
      return `Each worker that was handed element ${index} ended before it could start it: ${why}. Look at what the task's module does while it loads, and at the element itself. The element is lost; the pool goes on with a new worker.`;
    case 'running':
      return `The worker that ran element ${index} ended: ${why}. ${describeCompany(details)}The element is lost; the pool goes on with a new worker.`;
    case 'moved':
      return `The worker that element ${index} had been moved to by the option transfer ended, and the element with it: ${why}. Leave out transfer, so that a copy is kept here.`;
    case 'quarantined':
      return `Every worker that ran element ${index} ended, three by now, the last one so: ${why}. The element is not tried again.`;
  }
}

/** Which of those that ran at the same time ended the worker, nobody can tell. */
function describeCompany({ beside = 0 }: CrashDetails): string {
  if (beside <= 0) return '';
  return beside === 1
    ? 'It ran another element at the same time, which may be the cause. '
    : `It ran ${beside} others at the same time, each of which may be the cause. `;
}

const CALL_EXPOSE =
  "It must call expose({ ... }), imported from 'rxjs-parallel-map/worker', at its top level";

function remedyForMaking(cause: unknown): string {
  return cause instanceof ReferenceError && cause.message.startsWith('Worker ')
    ? "Import it where the function is: import { Worker } from 'node:worker_threads'"
    : "It is called for each worker that starts: worker: () => new Worker(new URL('./worker.js', import.meta.url))";
}

function remedyForExposing({ exitCode, cause }: CrashDetails): string {
  if (!(cause instanceof Error)) return CALL_EXPOSE;
  if ((cause as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    return 'Node loads TypeScript from version 22.18 on. Before, start a JavaScript file that registers tsx and imports yours; see "A worker file" in docs/how-to/functions-into-workers.md of this package';
  }
  // Those of expose() say themselves what to do.
  if (cause.message.startsWith('expose() ')) return 'The worker file is what `worker` starts';
  // With an exit code, the file itself threw.
  return exitCode === undefined
    ? CALL_EXPOSE
    : "It threw before it had called expose({ ... }), imported from 'rxjs-parallel-map/worker', at its top level";
}

/** What ended a worker, as a part of a sentence. */
export function describeCrash({ exitCode, cause }: CrashDetails): string {
  if (cause instanceof Error) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return `out of memory (${cause.message}): give workers more with resourceLimits: { maxOldGenerationSizeMb }, use fewer, or send smaller elements`;
    }
    // Without an exit code it did not even come to run.
    return `${exitCode === undefined ? '' : 'uncaught '}${nameAndMessage(cause)}`;
  }
  if (cause !== undefined) return `uncaught ${quote(cause)}`;
  return exitCode === undefined ? 'it was terminated' : `exit code ${exitCode}`;
}
