/** Gets the source of a function, and refuses the kinds of functions that cannot be a task. */
import { TaskCaptureError } from '../errors.js';
import { nameOfFunction, quote, tagOf } from '../quote.js';
import type { AnyFunction } from './task.js';

/** As it is before a program changes it, which some tools do. */
const toSource: (this: unknown) => string = Reflect.get(Function.prototype, 'toString');

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
  Promise,
  BigInt,
  Buffer,
  Date,
  console,
};

/** Of the platform's functions that can make an object, those that are useful without `new`. */
const CALLED: readonly unknown[] = [Array, BigInt, Boolean, Number, Object, String, Symbol];

/**
 * @param caller the name of the public function that was called, for messages
 * @throws TaskCaptureError that says what to hand over instead
 */
export function sourceOf(fn: AnyFunction, caller: string): string {
  // Not `fn.toString()`, which anybody may have overridden.
  const source = toSource.call(fn);
  if (source.endsWith('{ [native code] }')) throw withoutSource(fn, caller);
  if (isClass(fn)) throw itIsAClass(fn, caller);
  if (tagOf(fn).includes('Generator')) {
    throw new TaskCaptureError(
      `${caller} expects a function with one result for each element, but got a generator, ${quote(fn)}. ` +
        'Return an array of what it yields, (value) => { const results = []; ...; return results; }, and flatten the results: with results.flat(), or mergeAll() of RxJS.',
    );
  }
  return source;
}

/** A method can be called `class`, so its source does not tell. */
function isClass(fn: AnyFunction): boolean {
  return Object.getOwnPropertyDescriptor(fn, 'prototype')?.writable === false;
}

function itIsAClass(fn: AnyFunction, caller: string): TaskCaptureError {
  const known = nameInEveryThread(fn);
  if (known !== undefined) return partOfThePlatform(`new ${known}(value)`, known, caller);
  const name = nameOfFunction(fn);
  const example = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : 'Example';
  return new TaskCaptureError(
    `${caller} expects a function, but got a class, ${name || '(anonymous)'}, which cannot be called without new. ` +
      `Make it in the function: (value) => new ${example}(value).method(), where the class is declared in the function or in the module of a task: task(import.meta.url, ...).`,
  );
}

function withoutSource(fn: AnyFunction, caller: string): TaskCaptureError {
  const known = nameInEveryThread(fn);
  if (known !== undefined) {
    // `Map`, `Date`: what can make an object has a prototype for it.
    const isMaker = !CALLED.includes(fn) && Object.hasOwn(fn, 'prototype');
    return partOfThePlatform(`${isMaker ? 'new ' : ''}${known}(value)`, known, caller);
  }
  const bound = /^bound(?: (.*))?$/.exec(nameOfFunction(fn));
  return new TaskCaptureError(
    `${caller} cannot send ${quote(fn)} to a worker: it is native, bound or a Proxy, so it has no source that could travel. ` +
      (bound === null
        ? 'Call it in a function, (value) => ..., if workers have it, too; or hand over the function that it stands for, or make it a module task: task(import.meta.url, ...).'
        : `Hand over ${bound[1] ?? 'the function'} itself, and what it was bound to as the option shared; or make it a module task: task(import.meta.url, ...).`),
  );
}

function partOfThePlatform(call: string, known: string, caller: string): TaskCaptureError {
  return new TaskCaptureError(
    `${caller} cannot send ${known} to a worker, since it is part of the platform and has no source that could travel. ` +
      `Call it in a function: (value) => ${call}.`,
  );
}

/** `Math.sqrt`; undefined for what a program has made. */
function nameInEveryThread(fn: AnyFunction): string | undefined {
  const name = nameOfFunction(fn);
  for (const [where, object] of Object.entries(STATIC)) {
    const own = Object.getOwnPropertyDescriptor(object, name);
    // A class of the user's on the global object can be enumerated, as what is assigned.
    if (own?.value !== fn || (own.enumerable && isClass(fn))) continue;
    return object === globalThis ? name : `${where}.${name}`;
  }
  return undefined;
}
