/** Reads what a pool has each of its workers begin with: its initializer, and what its calls share. */
import { UncloneableError } from '../errors.js';
import { messageOf, quote } from '../quote.js';
import type { Executor, SlotSetup } from '../executors/Executor.js';
import { prepareTask, type PreparedTask } from '../task/prepareTask.js';
import { prepareToTravel } from '../task/prepareToTravel.js';
import type { AnyFunction } from '../task/task.js';
import { whyUncloneable } from '../task/whyUncloneable.js';

interface Given {
  readonly initializer?: unknown;
  readonly shared?: unknown;
}

/** @throws TypeError, TaskCaptureError or UncloneableError naming what is wrong */
export function readSetup({ initializer, shared }: Given, executor: Executor): SlotSetup {
  return { initializer: readInitializer(initializer, executor), shared: copyOf(shared) };
}

function readInitializer(given: unknown, executor: Executor): PreparedTask | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'function') {
    throw new TypeError(
      `createPool: initializer must be a function or a task, ({ shared }) => ..., but got ${quote(given)}`,
    );
  }
  const prepared = prepareTask(given as AnyFunction, 'createPool');
  return executor.keepsClosures ? prepared : prepareToTravel(prepared, 'createPool');
}

/** A copy, since workers start at any time, and all are to have the same. */
function copyOf(shared: unknown): unknown {
  try {
    return structuredClone(shared);
  } catch (cause) {
    const why = whyUncloneable(shared, 'shared') ?? messageOf(cause);
    throw new UncloneableError(undefined, 'shared', why, { cause });
  }
}
