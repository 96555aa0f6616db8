/** Carries what a function threw between threads, and rebuilds it on the other side. */
import { messageOf, quote } from '../quote.js';
import { whyUncloneable } from './whyUncloneable.js';

/**
 * Something thrown, or a part of it, in a form that structured clone carries. What refers to each
 * other in a cycle does so here, too: the clone keeps it.
 *
 * Errors are not sent as they are, because structured clone drops `code` and all other properties.
 */
export type ThrownWire =
  | { readonly kind: 'value'; readonly value: unknown }
  /** The items of a Map are arrays of a key and a value. */
  | { readonly kind: 'array' | 'map' | 'set'; readonly items: ThrownWire[] }
  | { readonly kind: 'object'; readonly own: Property[] }
  | {
      readonly kind: 'error';
      /** The nearest class of the platform in its chain: TypeError, AggregateError, DOMException, ... */
      readonly base: string;
      readonly name: string;
      readonly message: string;
      readonly stack: string;
      /** All others, such as `code` and `cause`. */
      readonly own: Property[];
    };

interface Property {
  readonly key: string;
  readonly value: ThrownWire;
  readonly enumerable: boolean;
}

type ErrorWire = Extract<ThrownWire, { kind: 'error' }>;

type Collection = unknown[] | Map<unknown, unknown> | Set<unknown>;

const EMPTY: Readonly<Record<'array' | 'map' | 'set', () => Collection>> = {
  array: () => [],
  map: () => new Map(),
  set: () => new Set(),
};

/** An object that was met, and how deep. */
interface Met {
  readonly wire: ThrownWire;
  readonly depth: number;
}

/** Properties of an error that travel in a field of their own. */
const NAMED_FIELDS = new Set(['name', 'message', 'stack']);

/**
 * Objects that travel with an error, at most. Those nearest to it go first: an error of an HTTP client
 * may refer to its sockets, and these to half of the process.
 */
const MOST_OBJECTS = 1000;

/** Steps from what was thrown, at most: what is nested much deeper cannot be cloned. */
const DEEPEST = 100;

/** How an error of each class is made. SuppressedError is there from Node 24 on. */
const BASES: ReadonlyMap<string, (message: string, name: string) => Error> = new Map<
  string,
  (message: string, name: string) => Error
>([
  ['Error', (message) => new Error(message)],
  ['EvalError', (message) => new EvalError(message)],
  ['RangeError', (message) => new RangeError(message)],
  ['ReferenceError', (message) => new ReferenceError(message)],
  ['SyntaxError', (message) => new SyntaxError(message)],
  ['TypeError', (message) => new TypeError(message)],
  ['URIError', (message) => new URIError(message)],
  ['AggregateError', (message) => new AggregateError([], message)],
  ['SuppressedError', newSuppressedError],
  ['DOMException', (message, name) => new DOMException(message, name)],
]);

/** Never throws, whatever it is given. */
export function toWire(thrown: unknown): ThrownWire {
  const met = new Map<object, Met>();
  const root = wireOf(thrown, 0, met);
  // The loop also visits what is met on the way: breadth first, without recursion.
  for (const [object, { wire, depth }] of met) {
    const toPart = (part: unknown): ThrownWire => wireOf(part, depth + 1, met);
    if ('own' in wire) copyProperties(object, wire, toPart);
    if ('items' in wire) for (const item of itemsOf(object)) wire.items.push(toPart(item));
  }
  return root;
}

/** What it consists of is still missing, and follows in the order in which it was met. */
function wireOf(value: unknown, depth: number, met: Map<object, Met>): ThrownWire {
  if (typeof value === 'function' || typeof value === 'symbol') return note(quote(value));
  if (typeof value !== 'object' || value === null) return { kind: 'value', value };
  const known = met.get(value);
  if (known) return known.wire;
  if (depth > DEEPEST) return note('it is nested too deeply');
  if (met.size >= MOST_OBJECTS) return note('the error refers to too many objects');
  try {
    const wire = emptyWire(value);
    met.set(value, { wire, depth });
    return wire;
  } catch (error) {
    return note(`it throws when it is read: ${messageOf(error)}`);
  }
}

function emptyWire(value: object): ThrownWire {
  if (isError(value)) return errorWire(value);
  if (Array.isArray(value)) {
    return value.every(isPlain)
      ? { kind: 'value', value: [...(value as unknown[])] }
      : { kind: 'array', items: [] };
  }
  if (value instanceof Map) return { kind: 'map', items: [] };
  if (value instanceof Set) return { kind: 'set', items: [] };
  if (tagOf(value) === 'Object') return { kind: 'object', own: [] };
  const why = whyUncloneable(value, 'it');
  // A copy of our own: what a getter gives may not be cloneable the next time.
  return why === undefined ? { kind: 'value', value: structuredClone(value) } : note(why);
}

function errorWire(error: object): ErrorWire {
  const name = text(read(error, 'name').value) || 'Error';
  const { value, failure } = read(error, 'message');
  const message = failure ?? text(value);
  const stack = read(error, 'stack').value;
  return {
    kind: 'error',
    base: baseOf(error),
    name,
    message,
    stack: typeof stack === 'string' && stack !== '' ? ofTheUser(stack) : `${name}: ${message}`,
    own: [],
  };
}

/**
 * The frames down to the one that called the user's function, or loaded the user's module. It is always in
 * BatchRun's loop or in whileLoading, and what is below it is ours, too.
 */
function ofTheUser(stack: string): string {
  const ours = stack.search(/\n +at (?:async )?(?:(?:\w+\.)?#runOn|whileLoading) /);
  return ours === -1 ? stack : stack.slice(0, ours);
}

function copyProperties(
  object: object,
  { kind, own }: Extract<ThrownWire, { own: unknown }>,
  toPart: (part: unknown) => ThrownWire,
): void {
  for (const [key, enumerable] of keysOf(object, kind === 'error')) {
    const property = read(object, key);
    // In the place of a function that every object has, a note would break what calls it.
    if (typeof property.value === 'function' && key in Error.prototype) continue;
    const value = property.failure === undefined ? toPart(property.value) : note(property.failure);
    own.push({ key, value, enumerable });
  }
}

/** A Proxy may throw at any time. */
function itemsOf(object: object): unknown[] {
  return (attempt(() => ({ value: [...(object as Iterable<unknown>)] })).value ?? []) as unknown[];
}

/** Own properties, and of an error also the getters of its classes: users read both alike. */
function keysOf(object: object, isError: boolean): Map<string, boolean> {
  const keys = new Map<string, boolean>();
  const add = (link: object, isWanted: (property: PropertyDescriptor) => boolean): void => {
    for (const key of Object.getOwnPropertyNames(link)) {
      const property = Object.getOwnPropertyDescriptor(link, key);
      if (!property || keys.has(key) || (isError && NAMED_FIELDS.has(key))) continue;
      if (isWanted(property)) keys.set(key, property.enumerable ?? false);
    }
  };
  attempt(() => {
    add(object, ({ enumerable }) => isError || enumerable === true);
    for (const link of isError ? ownClassesOf(object) : [])
      add(link, (property) => property.get !== undefined);
    return {};
  });
  return keys;
}

export function fromWire(wire: ThrownWire, built = new Map<ThrownWire, object>()): unknown {
  if (wire.kind === 'value') return wire.value;
  const known = built.get(wire);
  if (known) return known;
  if ('items' in wire) {
    const collection = EMPTY[wire.kind]();
    built.set(wire, collection);
    for (const item of wire.items) addItem(collection, fromWire(item, built));
    return collection;
  }
  const object = wire.kind === 'error' ? construct(wire) : {};
  built.set(wire, object);
  for (const { key, value, enumerable } of wire.own) {
    define(object, key, fromWire(value, built), enumerable);
  }
  return object;
}

function addItem(to: Collection, item: unknown): void {
  if (Array.isArray(to)) to.push(item);
  else if (to instanceof Set) to.add(item);
  else to.set(...(item as [unknown, unknown]));
}

function construct({ base, name, message, stack }: ErrorWire): Error {
  const error = (BASES.get(base) ?? BASES.get('Error')!)(message, name);
  if (error.name !== name) define(error, 'name', name, false);
  define(error, 'stack', stack, false);
  return error;
}

function newSuppressedError(message: string): Error {
  const { SuppressedError } = globalThis as {
    SuppressedError?: new (error: unknown, suppressed: unknown, message: string) => Error;
  };
  return SuppressedError ? new SuppressedError(undefined, undefined, message) : new Error(message);
}

function define(object: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(object, key, { value, enumerable, writable: true, configurable: true });
}

/** Also true for an error of another realm, such as a `vm` context or Jest's. */
function isError(thrown: object): boolean {
  return thrown instanceof Error || ['Error', 'DOMException'].includes(tagOf(thrown));
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** No object, and nothing that cannot be cloned. */
function isPlain(value: unknown): boolean {
  return value === null || !['object', 'function', 'symbol'].includes(typeof value);
}

function baseOf(error: object): string {
  for (const link of prototypesOf(error)) {
    const name = classNameOf(link);
    if (BASES.has(name)) return name;
  }
  return 'Error';
}

/** The prototypes of the user's own classes: those before the platform's. */
function ownClassesOf(error: object): object[] {
  const links = [...prototypesOf(error)];
  return links.slice(
    0,
    links.findIndex((link) => BASES.has(classNameOf(link))),
  );
}

function* prototypesOf(object: object): Generator<object> {
  let link: unknown = object;
  while ((link = Object.getPrototypeOf(link)) !== null) yield link as object;
}

function classNameOf(prototype: object): string {
  const own = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value as unknown;
  return typeof own === 'function' ? own.name : '';
}

/** A getter of the user's may throw; the other fields are still worth having. */
function read(object: object, key: string): { value?: unknown; failure?: string } {
  return attempt(() => ({ value: (object as Record<string, unknown>)[key] }));
}

function attempt(action: () => { value?: unknown }): { value?: unknown; failure?: string } {
  try {
    return action();
  } catch (error) {
    return { failure: `it throws when it is read: ${messageOf(error)}` };
  }
}

/** A name or message as it should be; nothing keeps users from making it something else. */
function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  const json = attempt(() => ({ value: JSON.stringify(value) })).value;
  return typeof json === 'string' ? json : quote(value);
}

/** What cannot be copied is at least told of. */
function note(why: string): ThrownWire {
  return { kind: 'value', value: `[not copied: ${why}]` };
}
