/** Gives an object a property that costs nothing until somebody reads it. */

/**
 * A property that is found when it is first read, and is like any other from then on: not enumerable, as the
 * stack of an error is.
 */
export function defineLazily(object: object, key: string, find: () => unknown): void {
  const settle = (value: unknown): unknown => {
    Object.defineProperty(object, key, { value, writable: true, configurable: true });
    return value;
  };
  Object.defineProperty(object, key, {
    configurable: true,
    get: () => settle(find()),
    set: settle,
  });
}
