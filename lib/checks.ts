/** Checks options at the call, so that a mistake is told of where it was made. */
import { quote } from './quote.js';
import { nearestName } from './nearestName.js';

/**
 * @param name the option, as the message shall name it: `parallelMap: concurrency`
 * @param hint what to do instead
 * @throws TypeError when it is no number, RangeError when it is no integer of at least 1
 */
export function checkPositiveInteger(name: string, value: unknown, hint: string): void {
  const message = `${name} must be an integer of at least 1, but got ${quote(value)}. ${hint}`;
  if (typeof value !== 'number') throw new TypeError(message);
  if (!Number.isInteger(value) || value < 1) throw new RangeError(message);
}

/** @throws TypeError when it is no number, RangeError when it is no integer of at least 0 */
export function checkNatural(name: string, value: unknown, hint: string): void {
  const message = `${name} must be an integer of at least 0, but got ${quote(value)}. ${hint}`;
  if (typeof value !== 'number') throw new TypeError(message);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(message);
}

/** @throws TypeError when it is no boolean */
export function checkBoolean(name: string, value: unknown): asserts value is boolean {
  if (typeof value === 'boolean') return;
  throw new TypeError(`${name} must be true or false, but got ${quote(value)}`);
}

/** Longest delay that a timer takes, in milliseconds. */
export const LONGEST_DELAY = 2 ** 31 - 1;

/** @throws TypeError or RangeError when it is no delay from 1 on, nor Infinity for none */
export function checkDelay(name: string, value: unknown): void {
  const message = `${name} must be milliseconds from 1 to ${LONGEST_DELAY}, or Infinity, but got ${quote(value)}`;
  if (typeof value !== 'number') throw new TypeError(message);
  if (value === Infinity || (value >= 1 && value <= LONGEST_DELAY)) return;
  throw new RangeError(message);
}

/**
 * An option that nobody knows would silently do nothing.
 *
 * @throws TypeError when `options` is no object of options or has a key that is not known
 */
export function checkOptions(name: string, options: unknown, known: readonly string[]): void {
  if (!isObjectOfOptions(options)) {
    throw new TypeError(`${name} expects an options object, but got ${quote(options)}`);
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, known);
  const meant = nearest === undefined ? '' : `Did you mean ${JSON.stringify(nearest)}? `;
  throw new TypeError(
    `${name} has no option ${JSON.stringify(unknown)}. ${meant}It knows: ${known.join(', ')}`,
  );
}

/** Not an array, a Map or a Number: what they hold would not be looked at. */
export function isObjectOfOptions(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}
