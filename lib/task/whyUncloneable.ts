/** Finds what keeps a value from being cloned, and names it by its path. */
import { messageOf } from '../quote.js';
import { isDetached } from './detached.js';

/** A part of a value; its path is put together only for the one that is to blame. */
interface Place {
  readonly value: unknown;
  /** Undefined for the value itself. */
  readonly parent: Place | undefined;
  /** How one gets here from there: `.user`, `[3]`. */
  readonly step: string;
}

/** Each level of a search for what only a clone can tell clones all that is below it once more. */
const DEEPEST_SEARCH = 100;

/** Of a place, in characters: its beginning and its end are told. */
const LONGEST_PATH = 300;

/** What is wrong with a place, as the rest of a sentence: `is a function`. */
interface Culprit {
  readonly place: Place;
  readonly what: string;
}

/**
 * @param root what to call the value: `input[3]`, `result`
 * @param moved what of it is to be moved, and so needs not be cloneable
 * @returns `result.user.save is a function`; undefined where the value can be cloned
 */
export function whyUncloneable(
  value: unknown,
  root: string,
  moved: readonly unknown[] = [],
): string | undefined {
  const error = cloneError(value);
  if (error === undefined) return undefined;
  if (isStackOverflow(error)) return `${root} is nested too deeply`;
  const whole: Place = { value, parent: undefined, step: root };
  try {
    // Where something is to be moved, it is the reason that the value alone cannot be cloned.
    const isMoved = moved.length > 0;
    const culprit =
      findCulprit(whole, moved) ??
      (isMoved ? undefined : (findOwnCause(whole) ?? findOpaque(whole)));
    return culprit && `${pathOf(culprit.place)} ${culprit.what}`;
  } catch {
    // A Proxy of the user's threw: what the clone met is told instead.
    return `${root}: ${messageOf(error)}`;
  }
}

function isStackOverflow(error: unknown): boolean {
  return messageOf(error).endsWith('Maximum call stack size exceeded');
}

/** Searches breadth first, so that the shortest path is named. */
function findCulprit(root: Place, moved: readonly unknown[]): Culprit | undefined {
  const queue = [root];
  const seen = new Set(moved);
  for (const place of queue) {
    const { value } = place;
    if (typeof value === 'function') return { place, what: 'is a function' };
    if (typeof value === 'symbol') return { place, what: 'is a symbol' };
    if (seen.has(value)) continue;
    seen.add(value);
    const parts: Place[] = [];
    const culprit = whyUnreadable(place, parts);
    if (culprit) return culprit;
    // Only a value without parts is worth a clone of its own: else the search would be quadratic.
    if (parts.length === 0 && cloneError(value) !== undefined) {
      return { place, what: `is ${describe(value as object)}` };
    }
    for (const part of parts) queue.push(part);
  }
  return undefined;
}

/** Adds the parts of a place; gives it as the culprit if they cannot be had. */
function whyUnreadable(place: Place, parts: Place[]): Culprit | undefined {
  try {
    return addParts(place, parts);
  } catch (error) {
    return { place, what: `throws when it is read: ${messageOf(error)}` };
  }
}

/** V8 writes an error that is a part of its own cause, and cannot read what it wrote. */
function findOwnCause(root: Place): Culprit | undefined {
  const place = placesIn(root).find(
    ({ value }) =>
      value instanceof Error &&
      placesIn({ ...root, value: value.cause }).some((part) => part.value === value),
  );
  return place && { place, what: 'is an error that is its own cause' };
}

/** The place itself, and all objects in it, each once. */
function placesIn(root: Place): Place[] {
  const places = mayBeToBlame(root.value) ? [root] : [];
  const seen = new Set(places.map(({ value }) => value));
  for (const place of places) {
    const parts: Place[] = [];
    addParts(place, parts);
    for (const part of parts) {
      if (!seen.has(part.value)) places.push(part);
      seen.add(part.value);
    }
  }
  return places;
}

/** Follows what cannot be cloned to an object all of whose parts can: a Proxy, for one. */
function findOpaque(root: Place): Culprit {
  let place = root;
  for (let depth = 0; depth < DEEPEST_SEARCH; depth++) {
    const parts: Place[] = [];
    addParts(place, parts);
    const next = parts.find(({ value }) => cloneError(value) !== undefined);
    if (!next) break;
    place = next;
  }
  return { place, what: `is ${describe(place.value as object)}` };
}

/** Adds what may be to blame. Gives a property that cannot be read, if there is one. */
function addParts(place: Place, parts: Place[]): Culprit | undefined {
  const value = place.value as object;
  const add = (part: unknown, step: string): void => {
    if (mayBeToBlame(part)) parts.push({ value: part, parent: place, step });
  };
  if (value instanceof Map) {
    let nth = 0;
    for (const [key, item] of value as Map<unknown, unknown>) {
      add(key, `.keys()[${nth++}]`);
      if (mayBeToBlame(item)) add(item, `.get(${keyText(key)})`);
    }
  } else if (value instanceof Set) {
    let nth = 0;
    for (const item of value as Set<unknown>) add(item, `.values()[${nth++}]`);
  } else if (value instanceof Error) {
    // Of an error, nothing else is copied that could be to blame.
    add(value.cause, '.cause');
  } else if (!ArrayBuffer.isView(value)) {
    const isArray = Array.isArray(value);
    for (const key of Object.keys(value)) {
      try {
        const part = (value as Record<string, unknown>)[key];
        if (mayBeToBlame(part)) add(part, accessor(key, isArray));
      } catch (error) {
        const unreadable: Place = { value: undefined, parent: place, step: accessor(key, isArray) };
        return { place: unreadable, what: `throws when it is read: ${messageOf(error)}` };
      }
    }
  }
  return undefined;
}

function mayBeToBlame(value: unknown): boolean {
  return (
    (typeof value === 'object' && value !== null) ||
    typeof value === 'function' ||
    typeof value === 'symbol'
  );
}

function pathOf(place: Place): string {
  const steps: string[] = [];
  for (let at: Place | undefined = place; at; at = at.parent) steps.unshift(at.step);
  const path = steps.join('');
  return path.length > LONGEST_PATH
    ? `${path.slice(0, LONGEST_PATH / 2)} … ${path.slice(-LONGEST_PATH / 2)}`
    : path;
}

function accessor(key: string, isArray: boolean): string {
  if (isArray && /^\d+$/.test(key)) return `[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function keyText(key: unknown): string {
  return typeof key === 'string' ? JSON.stringify(key) : typeof key;
}

function describe(value: object): string {
  if (isDetached(ArrayBuffer.isView(value) ? value.buffer : value)) {
    return 'memory that was transferred before, and is not here any more';
  }
  const { constructor } = value as { readonly constructor?: { readonly name?: string } };
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  // A generator's constructor has an empty name.
  const name = [constructor?.name, tag].find(Boolean)!;
  const isPlain = name === 'Object' || name === 'Array';
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}${isPlain ? ' that cannot be cloned, such as a Proxy' : ''}`;
}

function cloneError(value: unknown): unknown {
  try {
    structuredClone(value);
    return undefined;
  } catch (error) {
    return error;
  }
}
