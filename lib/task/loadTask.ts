/** Gets a task's function where it is to run: builds it from source, or imports its module. */
import { dirname } from 'node:path';
import { workerFile } from '../builtFiles.js';
import { TaskLoadError } from '../errors.js';
import { describeThrown } from '../quote.js';
import { inlineScript } from './inlineScript.js';
import { whileLoading } from './loading.js';
import { nearestName } from '../nearestName.js';
import type { Runnable, ModuleSource, TaskSource } from './task.js';

export type Exports = Record<string, unknown>;
export type ImportModule = (url: string) => Promise<Exports>;

/** Functions that a worker file exposes, by name. */
export type Exposed = ReadonlyMap<string, Runnable>;

const plainImport: ImportModule = (url) => import(url) as Promise<Exports>;

/** @throws TaskLoadError with the reason, and the cause where there is one */
export async function loadTask(
  source: TaskSource,
  importModule = plainImport,
  exposed?: Exposed,
): Promise<Runnable> {
  switch (source.kind) {
    case 'inline':
      return compile(source.source);
    case 'module':
      return importTask(source, importModule);
    case 'exposed': {
      const fn = exposed?.get(source.name);
      if (fn) return fn;
      throw notExposed(source.name, exposed && [...exposed.keys()]);
    }
  }
}

/** @param exposed the names that the worker file exposes; undefined where there is no worker file */
export function notExposed(name: string, exposed: readonly string[] | undefined): TaskLoadError {
  if (!exposed) {
    return new TaskLoadError(
      `The task ${JSON.stringify(name)} is a function that a worker file exposes, but this pool has no worker file. ` +
        "Make the pool with createPool({ worker: () => new Worker(new URL('./worker.js', import.meta.url)) })",
    );
  }
  return new TaskLoadError(
    `The worker file exposes no function ${JSON.stringify(name)}; it exposes: ${exposed.join(', ')}. ` +
      meant(name, exposed, `Add it to what the worker file hands to expose()`),
  );
}

function meant(name: string, there: readonly string[], otherwise: string): string {
  const nearest = nearestName(name, there);
  return nearest === undefined ? otherwise : `Did you mean ${JSON.stringify(nearest)}?`;
}

function compile(source: string): Runnable {
  try {
    return evaluate(source, '(', ')') as Runnable;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw notCompiled(source, error);
  }
  // A method's source, `double(x) { ... }`, is only valid inside an object.
  try {
    const method = onlyFunctionOf(evaluate(source, '({', '})') as object);
    if (method) return method;
  } catch (error) {
    throw notCompiled(source, error);
  }
  throw notCompiled(source);
}

/** A method, or a getter or setter, which is a function like any other. */
function onlyFunctionOf(object: object): Runnable | undefined {
  const [key] = Reflect.ownKeys(object);
  const descriptor = Object.getOwnPropertyDescriptor(object, key!)!;
  return Object.values(descriptor).find((one) => typeof one === 'function') as Runnable | undefined;
}

/**
 * An indirect eval, so that the source sees the worker's globals only. Unlike `vm`, it lets a
 * function `await import('node:zlib')` without an experimental warning.
 */
function evaluate(source: string, open: string, close: string): unknown {
  const indirectEval = eval;
  try {
    // Functions of ES modules and of TypeScript are strict where they were written. esbuild and tsx
    // call __name in functions, to keep the names of others.
    const before = `"use strict"; const __name = (fn) => fn; ${open}`;
    return indirectEval(inlineScript(source, before, close));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return indirectEval(inlineScript(source, open, close));
  }
}

function notCompiled(source: string, cause?: unknown): TaskLoadError {
  const why = cause === undefined ? '' : ` (${describeThrown(cause)})`;
  return new TaskLoadError(
    `The source of the inline function does not compile in the worker: ${source.slice(0, 80)}${why}. Make it a module task with task(import.meta.url, ...)`,
    { cause },
  );
}

async function importTask(
  { url, name }: ModuleSource,
  importModule: ImportModule,
): Promise<Runnable> {
  const module = await load(url, importModule);
  // Node does not see every export of a CommonJS module by name, but has them all as its default.
  const places = [module, module['default']];
  const fn = places.map((one) => own(one, name)).find((one) => typeof one === 'function');
  if (fn) return fn as Runnable;
  const exported = [...new Set(places.flatMap(functionsOf))];
  throw new TaskLoadError(
    `${url} has no exported function ${JSON.stringify(name)}; it exports: ${exported.join(', ') || 'none'}. ` +
      meant(name, exported, 'Export the task under the name that task() was given'),
  );
}

function functionsOf(exports: unknown): string[] {
  if (typeof exports !== 'object' || exports === null) return [];
  // Later versions of Node add all of a CommonJS module under a name of its own.
  return Object.keys(exports).filter(
    (key) => key !== 'module.exports' && typeof own(exports, key) === 'function',
  );
}

/** Not what an object inherits: `toString` is no export. */
function own(object: unknown, name: string): unknown {
  const isObject = typeof object === 'object' && object !== null;
  return isObject && Object.hasOwn(object, name)
    ? (object as Record<string, unknown>)[name]
    : undefined;
}

async function load(url: string, importModule: ImportModule): Promise<Exports> {
  try {
    return await whileLoading(url, () => importModule(url));
  } catch (cause) {
    throw new TaskLoadError(
      `The task's module ${url} does not load in the worker: ${whyNotLoaded(cause)}`,
      { cause },
    );
  }
}

/** Where the module itself is not there, Node names the file of ours that wanted it, which is of no use. */
function whyNotLoaded(cause: unknown): string {
  const why = describeThrown(cause);
  const ours = why.indexOf(` imported from ${dirname(workerFile)}`);
  return ours < 0
    ? why
    : `${why.slice(0, ours)}. The first argument of task() says that it is there`;
}
