/** Finds what keeps a value from being cloned, and names it by its path. */
import { messageOf } from '../errors.js';

interface Place {
  readonly value: unknown;
  readonly path: string;
}

/**
 * @param root what to call the value: `input`, `result`
 * @returns `result.user.save is a function`; undefined where the value can be cloned
 */
export function whyUncloneable(value: unknown, root: string): string | undefined {
  const error = cloneError(value);
  if (error === undefined) return undefined;
  try {
    const culprit = findCulprit({ value, path: root });
    if (culprit) return `${culprit.path} is ${describe(culprit.value)}`;
  } catch {
    // A getter or a Proxy of the user's threw: what the clone met is told instead.
  }
  return `${root}: ${messageOf(error)}`;
}

/** Searches breadth first, so that the shortest path is named. */
function findCulprit(root: Place): Place | undefined {
  const queue = [root];
  const seen = new Set<unknown>();
  for (const place of queue) {
    const { value } = place;
    if (typeof value === 'function' || typeof value === 'symbol') return place;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const parts = partsOf(place);
    // Only a value without parts is worth a clone of its own: else the search would be quadratic.
    if (parts.length === 0 && cloneError(value) !== undefined) return place;
    for (const part of parts) queue.push(part);
  }
  return undefined;
}

function partsOf({ value, path }: Place): Place[] {
  if (value instanceof Map) {
    return [...(value as Map<unknown, unknown>)].flatMap(([key, item], nth) => [
      { value: key, path: `${path}.keys()[${nth}]` },
      { value: item, path: `${path}.get(${keyText(key)})` },
    ]);
  }
  if (value instanceof Set) {
    return [...(value as Set<unknown>)].map((item, nth) => ({
      value: item,
      path: `${path}.values()[${nth}]`,
    }));
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return [];
  return Object.entries(value as object).map(([key, item]) => ({
    value: item as unknown,
    path: path + accessor(key, Array.isArray(value)),
  }));
}

function accessor(key: string, isArray: boolean): string {
  if (isArray) return `[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function keyText(key: unknown): string {
  return typeof key === 'string' ? JSON.stringify(key) : typeof key;
}

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'symbol') return 'a symbol';
  const { constructor } = value as { readonly constructor?: { readonly name?: string } };
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  // A generator's constructor has an empty name.
  const name = [constructor?.name, tag].find(Boolean)!;
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

function cloneError(value: unknown): unknown {
  try {
    structuredClone(value);
    return undefined;
  } catch (error) {
    return error;
  }
}
