/** Gets the source of a function, and refuses the kinds of functions that cannot be a task. */
import { quote, TaskCaptureError } from '../errors.js';
import type { AnyFunction } from './task.js';

/** Objects whose functions are the same in every thread, by the name they have there. */
const STATIC: Readonly<Record<string, object>> = {
  globalThis,
  Math,
  JSON,
  Number,
  String,
  Object,
  Array,
  Reflect,
  Buffer,
  Date,
};

/**
 * @param caller the name of the public function that was called, for messages
 * @throws TaskCaptureError that says what to hand over instead
 */
export function sourceOf(fn: AnyFunction, caller: string): string {
  // Not `fn.toString()`, which anybody may have overridden.
  const source = Function.prototype.toString.call(fn);
  if (source.endsWith('{ [native code] }')) throw withoutSource(fn, caller);
  if (/^class\b/.test(source)) {
    throw new TaskCaptureError(
      `${caller} expects a function, but got a class, ${fn.name || '(anonymous)'}, which cannot be called without new. ` +
        `Make it in the function: (value) => new ${fn.name || 'Example'}(value).method(), where the class is declared in the function or in the module of a task: task(import.meta.url, ...).`,
    );
  }
  if (Object.prototype.toString.call(fn).includes('Generator')) {
    throw new TaskCaptureError(
      `${caller} expects a function with one result for each element, but got a generator, ${quote(fn)}. ` +
        'Return an array of what it yields, (value) => { const results = []; ...; return results; }, and flatten the results: with results.flat(), or mergeAll() of RxJS.',
    );
  }
  return source;
}

function withoutSource(fn: AnyFunction, caller: string): TaskCaptureError {
  const known = nameInEveryThread(fn);
  if (known !== undefined) {
    return new TaskCaptureError(
      `${caller} cannot send ${known} to a worker, since it is part of the platform and has no source. ` +
        `Call it in a function: (value) => ${known}(value).`,
    );
  }
  const bound = /^bound (.*)$/.exec(fn.name)?.[1];
  return new TaskCaptureError(
    `${caller} cannot send ${quote(fn)} to a worker: it is native, bound or a Proxy, so it has no source that could travel. ` +
      (bound === undefined
        ? 'Hand over the function that it stands for, or make it a module task: task(import.meta.url, ...).'
        : `Hand over ${bound || 'the function'} itself, and what it was bound to as the option shared; or make it a module task: task(import.meta.url, ...).`),
  );
}

/** `Math.sqrt`; undefined for what a program has made. */
function nameInEveryThread(fn: AnyFunction): string | undefined {
  for (const [name, object] of Object.entries(STATIC)) {
    const own = Object.getOwnPropertyDescriptor(object, fn.name)?.value as unknown;
    if (own === fn) return object === globalThis ? fn.name : `${name}.${fn.name}`;
  }
  return undefined;
}
