/** Carries what a function threw between threads, and rebuilds it on the other side. */
import { whyUncloneable } from './whyUncloneable.js';

/**
 * Something thrown, as structured clone can carry it. Causes may form a cycle: the clone keeps it.
 *
 * Errors are not sent as they are, because structured clone drops `code` and all other properties.
 */
export type ThrownWire =
  | { readonly kind: 'value'; readonly value: unknown }
  | {
      readonly kind: 'error';
      /** The nearest class of the language in its chain: TypeError, AggregateError, ... */
      readonly base: string;
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      /** Own properties, such as `code`; errors among them as errors. */
      own: Record<string, ThrownWire>;
      cause?: ThrownWire;
      /** Of an AggregateError. */
      errors?: readonly ThrownWire[];
    };

type ErrorWire = Extract<ThrownWire, { kind: 'error' }>;

/** Own properties of an error that travel in a field of their own. */
const NAMED_FIELDS = new Set(['name', 'message', 'stack', 'cause', 'errors']);

const BASES: ReadonlyMap<string, ErrorConstructor> = new Map(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map(
    (constructor) => [constructor.name, constructor],
  ),
);

/** @param seen the errors met so far, since causes can form a cycle */
export function toWire(thrown: unknown, seen = new Map<object, ThrownWire>()): ThrownWire {
  if (!isError(thrown)) return { kind: 'value', value: cloneableOrText(thrown) };
  const known = seen.get(thrown);
  if (known) return known;
  const wire: ErrorWire = {
    kind: 'error',
    base: baseOf(thrown),
    name: textOf(thrown, 'name') ?? 'Error',
    message: textOf(thrown, 'message') ?? '',
    stack: textOf(thrown, 'stack'),
    own: {},
  };
  seen.set(thrown, wire);
  for (const key of Object.getOwnPropertyNames(thrown)) {
    if (!NAMED_FIELDS.has(key)) wire.own[key] = toWire(read(thrown, key), seen);
  }
  if ('cause' in thrown) wire.cause = toWire(read(thrown, 'cause'), seen);
  const errors = read(thrown, 'errors');
  if (wire.base === 'AggregateError' && Array.isArray(errors)) {
    wire.errors = errors.map((error) => toWire(error, seen));
  } else if (errors !== undefined) {
    wire.own['errors'] = toWire(errors, seen);
  }
  return wire;
}

/** @param built the errors rebuilt so far */
export function fromWire(wire: ThrownWire, built = new Map<ThrownWire, Error>()): unknown {
  if (wire.kind === 'value') return wire.value;
  const known = built.get(wire);
  if (known) return known;
  const error = construct(wire);
  built.set(wire, error);
  for (const [key, value] of Object.entries(wire.own)) {
    Object.assign(error, { [key]: fromWire(value, built) });
  }
  if (error.name !== wire.name) hide(error, 'name', wire.name);
  hide(error, 'stack', wire.stack);
  if (wire.cause) hide(error, 'cause', fromWire(wire.cause, built));
  if (wire.errors)
    hide(
      error,
      'errors',
      wire.errors.map((inner) => fromWire(inner, built)),
    );
  return error;
}

function construct({ base, name, message }: ErrorWire): Error {
  if (base === 'DOMException') return new DOMException(message, name);
  if (base === 'AggregateError') return new AggregateError([], message);
  return new (BASES.get(base) ?? Error)(message);
}

/** Errors keep such properties out of sight: not enumerable. */
function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true });
}

/** Also true for an error of another realm, such as a `vm` context or Jest's. */
function isError(thrown: unknown): thrown is object {
  if (thrown instanceof Error) return true;
  return ['[object Error]', '[object DOMException]'].includes(
    Object.prototype.toString.call(thrown),
  );
}

function baseOf(error: object): string {
  for (let link: unknown = error; link !== null; link = Object.getPrototypeOf(link)) {
    const own = Object.getOwnPropertyDescriptor(link, 'constructor')?.value as unknown;
    const name = typeof own === 'function' ? own.name : '';
    if (BASES.has(name) || name === 'AggregateError' || name === 'DOMException') return name;
  }
  return 'Error';
}

/** A getter of the user's may throw; the other fields are still worth having. */
function read(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function textOf(object: object, key: string): string | undefined {
  const value = read(object, key);
  return typeof value === 'string' ? value : undefined;
}

/** What cannot be cloned is at least told of. */
function cloneableOrText(value: unknown): unknown {
  const why = whyUncloneable(value, 'it');
  return why === undefined ? value : `[not copied: ${why}]`;
}
