/** Gets a task's function inside a worker: builds it from source, or imports its module. */
import { TaskLoadError } from '../errors.js';
import { inlineScript } from './inlineScript.js';
import { whileLoading } from './loading.js';
import type { AnyFunction, ModuleSource, TaskSource } from './task.js';

/** @throws TaskLoadError with the reason, and the cause where there is one */
export async function loadTask(source: TaskSource): Promise<AnyFunction> {
  return source.kind === 'inline' ? compile(source.source) : importTask(source);
}

function compile(source: string): AnyFunction {
  try {
    return evaluate(source, '(', ')') as AnyFunction;
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
function onlyFunctionOf(object: object): AnyFunction | undefined {
  const [key] = Reflect.ownKeys(object);
  const descriptor = Object.getOwnPropertyDescriptor(object, key!)!;
  return Object.values(descriptor).find((one) => typeof one === 'function') as
    AnyFunction | undefined;
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
  return new TaskLoadError(
    `The source of the inline function does not compile in the worker: ${source.slice(0, 80)}. Make it a module task with task(import.meta.url, ...)`,
    { cause },
  );
}

async function importTask({ url, name }: ModuleSource): Promise<AnyFunction> {
  const module = await importModule(url);
  // Node does not see every export of a CommonJS module by name, but has them all as its default.
  const fn = [module, module['default']].map((one) => own(one, name)).find(Boolean);
  if (typeof fn === 'function') return fn as AnyFunction;
  const exported = Object.keys(module)
    .filter((key) => key !== 'default')
    .join(', ');
  throw new TaskLoadError(
    `${url} has no exported function ${JSON.stringify(name)}; it exports: ${exported || 'nothing'}. Export the task under the name that task() was given`,
  );
}

/** Not what an object inherits: `toString` is no export. */
function own(object: unknown, name: string): unknown {
  const isObject = typeof object === 'object' && object !== null;
  return isObject && Object.hasOwn(object, name)
    ? (object as Record<string, unknown>)[name]
    : undefined;
}

async function importModule(url: string): Promise<Record<string, unknown>> {
  try {
    return await whileLoading(url, () => import(url) as Promise<Record<string, unknown>>);
  } catch (cause) {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new TaskLoadError(`The task's module ${url} does not load in the worker: ${why}`, {
      cause,
    });
  }
}
