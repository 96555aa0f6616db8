/** Tells the globals that every thread has from those that a program has put there itself. */
import { builtinModules } from 'node:module';

/**
 * Globals of Node and of the language that can be enumerated, in Node itself or in a test environment,
 * which defines many of them anew. Those that are missing here are told by their not being enumerable,
 * as what a program assigns to `globalThis` is.
 */
const NAMES = new Set(
  (
    'AbortController AbortSignal AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array ' +
    'BigUint64Array Blob Boolean BroadcastChannel Buffer ByteLengthQueuingStrategy CompressionStream ' +
    'CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DataView Date DecompressionStream ' +
    'Error EvalError Event EventTarget File FinalizationRegistry Float32Array Float64Array FormData ' +
    'Function Headers Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math ' +
    'MessageChannel MessageEvent MessagePort NaN Navigator Number Object Performance Promise Proxy ' +
    'RangeError ReadableStream ReferenceError Reflect RegExp Request Response Set SharedArrayBuffer ' +
    'String SubtleCrypto Symbol SyntaxError TextDecoder TextDecoderStream TextEncoder ' +
    'TextEncoderStream TransformStream TypeError URIError URL URLSearchParams Uint16Array ' +
    'Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly WebSocket ' +
    'WritableStream atob btoa clearImmediate clearInterval clearTimeout console crypto decodeURI ' +
    'decodeURIComponent encodeURI encodeURIComponent escape eval fetch gc global globalThis isFinite ' +
    'isNaN navigator parseFloat parseInt performance process queueMicrotask reportError self ' +
    'setImmediate setInterval setTimeout structuredClone undefined unescape'
  ).split(' '),
);

/** Whether a function finds `name` in a worker as it does here. */
export function isPlatformGlobal(name: string): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  if (!descriptor) return name in globalThis; // of Object.prototype
  // Node's own prompt has the parts of Node as globals: `fs`.
  return NAMES.has(name) || (!descriptor.enumerable && !builtinModules.includes(name));
}
