/** What every contender runs on its elements. None uses anything from around it. */
/* global performance, setTimeout */

/** As small as an element can be. */
export const trivial = (/** @type {number} */ x) => x + 1;

/** Keeps a core busy for as many microseconds, and gives them back. */
export const spin = (/** @type {number} */ microseconds) => {
  const end = performance.now() + microseconds / 1000;
  while (performance.now() < end);
  return microseconds;
};

/** Writes into a buffer. Whoever calls it hands the buffer on. */
export const touch = (/** @type {ArrayBuffer} */ buffer) => {
  new Uint8Array(buffer)[0] = 1;
  return buffer;
};

/** Waits for as many milliseconds, and gives them back. */
export const wait = (/** @type {number} */ milliseconds) =>
  new Promise((resolve) => {
    setTimeout(() => resolve(milliseconds), milliseconds);
  });
