/** Refuses what is in a list of what is to be moved, and surely cannot be. */
import { quote, tagOf } from '../quote.js';

/**
 * What else the platform may move, and what not, it knows best: a message with what it refuses is not sent.
 *
 * @param place as the message shall name it: `context.transfer: list[2]`
 * @throws TypeError with what to do instead
 */
export function checkTransferable(place: string, value: unknown): void {
  if (ArrayBuffer.isView(value)) {
    throw new TypeError(
      `${place} must be what has memory of its own, but got a view of that (${tagOf(value)}). Hand over its buffer`,
    );
  }
  if (typeof value === 'object' && value !== null && !isPlain(value)) return;
  throw new TypeError(
    `${place} must be something that can be moved, such as an ArrayBuffer or a MessagePort, but got ${quote(value)}`,
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || prototype === Object.prototype;
}
