/** What the compiler can tell of values that structured clone does not carry. Types only. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import type { BlockList } from 'node:net';
import type { Transferable } from 'node:worker_threads';

declare const notCloneable: unique symbol;

/**
 * What the compiler asks for in the place of a value that cannot be copied between threads. `Why`
 * names the place in it. Nothing is a NotCloneable: send plain data, or say with `Cloned` that only the
 * data of an object matters.
 */
export interface NotCloneable<Why extends string> {
  readonly [notCloneable]: Why;
}

/**
 * What arrives of a value in another thread: its data, without the functions. A class instance can be
 * handed over as this, where its methods are not needed there.
 *
 * ```ts
 * const users: Cloned<User>[] = instances;
 * ```
 */
export type Cloned<T> = T extends Carried | symbol
  ? T
  : T extends Callable
    ? never
    : T extends ReadonlyMap<infer K, infer V>
      ? Map<Cloned<K>, Cloned<V>>
      : T extends ReadonlySet<infer V>
        ? Set<Cloned<V>>
        : T extends readonly unknown[]
          ? { [I in keyof T]: Cloned<T[I]> }
          : { [K in keyof T as T[K] extends Callable ? never : K]: Cloned<T[K]> };

/**
 * `unknown`, which is met by everything, unless no value of type `T` can be copied. A type that the
 * compiler does not know yet, `T` of a generic function, passes.
 */
export type Sendable<T, Root extends string> = [Refusal<T>] extends [never]
  ? unknown
  : NotCloneable<`${Root}${Flaw<T>}`>;

/**
 * Why `any`: the compiler takes a conditional type that it cannot resolve yet for all but its `any`
 * branch. So this is `never` for a type parameter, and `Sendable` is `unknown`.
 */
type Refusal<T> = Fine extends Flaw<T> ? never : Any;
type Any = ReturnType<JSON['parse']>;

/** Structured clone copies it, or it can be transferred. */
type Carried =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Date
  | RegExp
  | Error
  | SharedArrayBuffer
  | ArrayBufferView
  | Transferable
  | TransferableOfTheWeb
  | BlobLike
  | KeyObject
  | X509Certificate
  | BlockList;

/** By what they have, since a project with the DOM's types has these from there, and not from Node. */
type TransferableOfTheWeb =
  | { readonly locked: boolean; readonly getReader: unknown }
  | { readonly locked: boolean; readonly getWriter: unknown }
  | { readonly readable: object; readonly writable: object }
  | { readonly postMessage: unknown; readonly start: unknown };

interface BlobLike {
  readonly arrayBuffer: unknown;
  readonly size: number;
  readonly slice: unknown;
  readonly type: string;
}

/** Functions and classes. */
interface Callable {
  readonly apply: unknown;
  readonly bind: unknown;
  readonly call: unknown;
}

/** Has what an URL has: structured clone makes an empty object of it. */
interface UrlLike {
  readonly href: string;
  readonly searchParams: object;
}

type Fine = 'can be copied';

/** How deep is looked. What lies deeper is found when it is sent. */
type Depth = 0 | 1 | 2 | 3 | 4;
type Below = [0, 0, 1, 2, 3];

/**
 * The rest of a sentence that names what cannot be copied, `.user.save is a function`; Fine if a value
 * of this type may be copied. Of a union one member is enough for that, and so what may be undefined
 * is fine at once; as are `any`, `unknown` and `void`.
 */
type Flaw<T, D extends Depth = 4> = undefined extends T
  ? Fine
  : [T] extends [never]
    ? Fine
    : FlawOfMember<T, D>;

type FlawOfMember<T, D extends Depth> = T extends Carried
  ? Fine
  : T extends Callable | symbol | PromiseLike<unknown> | UrlLike
    ? FlawOfItself<T>
    : T extends ReadonlyMap<infer K, infer V>
      ? FineUnless<At<'.keys()[number]', Flaw<K, Below[D]>> | At<'.get(...)', Flaw<V, Below[D]>>>
      : T extends ReadonlySet<infer V>
        ? FineUnless<At<'.values()[number]', Flaw<V, Below[D]>>>
        : T extends WeakMap<infer _K, infer _V> | WeakSet<infer _W> | WeakRef<infer _R>
          ? ' is a weak reference'
          : D extends 0
            ? Fine
            : T extends readonly unknown[]
              ? FlawOfArray<T, D>
              : FlawOfObject<T, D>;

type FlawOfItself<T> = T extends symbol
  ? ' is a symbol'
  : T extends Callable
    ? ' is a function'
    : T extends UrlLike
      ? ' is a URL: send its href'
      : ' is a Promise';

type FlawOfArray<T extends readonly unknown[], D extends Depth> = number extends T['length']
  ? FineUnless<At<'[number]', Flaw<T[number], Below[D]>>>
  : FineUnless<
      { [I in keyof T]: I extends `${number}` ? At<`[${I}]`, Flaw<T[I], Below[D]>> : never }[number]
    >;

/** Functions first: a type that has them, such as those of the DOM, is not looked at any deeper. */
type FlawOfObject<T, D extends Depth> = [FunctionsOf<T>] extends [never]
  ? FineUnless<{ [K in KeyOf<T>]: At<`.${K}`, Flaw<T[K], Below[D]>> }[KeyOf<T>]>
  : HasPrivate<T> extends true
    ? Fine
    : At<`.${FunctionsOf<T>}`, ' is a function'>;

type KeyOf<T> = keyof T & (string | number);

type FunctionsOf<T> = {
  [K in KeyOf<T>]: undefined extends T[K]
    ? never
    : [T[K]] extends [never]
      ? never
      : [T[K]] extends [Callable]
        ? K
        : never;
}[KeyOf<T>];

/** True of instances of a class with private members: its methods are lost, but the rest is copied. */
type HasPrivate<T> = { [K in keyof T]: T[K] } extends T ? false : true;

type At<Step extends string, Rest extends string> = Fine extends Rest ? never : `${Step}${Rest}`;

type FineUnless<Flaws extends string> = [Flaws] extends [never] ? Fine : Flaws;
