/** Knows where in Node a function is to be had. */
import { builtinModules, createRequire } from 'node:module';

/** Those that users call functions of, in the order in which they are asked for a name: some have the same. */
const PARTS = (
  'fs/promises fs path crypto zlib util os url child_process stream/promises stream events ' +
  'timers/promises perf_hooks worker_threads buffer querystring'
).split(' ');

const requirePart = createRequire(process.execPath);

/** Whether a module of Node goes by this name, and has a function of that one. */
export function hasFunction(part: string, name: string): boolean {
  return builtinModules.includes(part) && typeof exportsOf(part)[name] === 'function';
}

/** The part of Node that has a function of this name: `fs` for `readFileSync`. */
export function partWith(name: string): string | undefined {
  return PARTS.find((part) => hasFunction(part, name));
}

/** How a worker gets this very function; undefined where it is no public one of Node. */
export function wayTo(
  fn: object,
): { readonly code: string; readonly isImported: boolean } | undefined {
  for (const [prefix, object] of GLOBALS) {
    const name = nameIn(object, fn);
    if (name !== undefined) return { code: prefix + name, isImported: false };
  }
  for (const part of PARTS) {
    const name = nameIn(exportsOf(part), fn);
    if (name !== undefined) {
      return { code: `(await import('node:${part}')).${name}`, isImported: true };
    }
  }
  return undefined;
}

/** Buffer is a global by a getter. */
const GLOBALS: readonly [prefix: string, object: object][] = [
  ['', globalThis],
  ['', { Buffer }],
  ['Buffer.', Buffer],
];

/** Not what a getter gives: reading some loads much, or warns. */
function nameIn(object: object, fn: object): string | undefined {
  return Object.entries(Object.getOwnPropertyDescriptors(object)).find(
    ([, { value }]) => value === fn,
  )?.[0];
}

function exportsOf(part: string): Record<string, unknown> {
  return requirePart(`node:${part}`) as Record<string, unknown>;
}
