/** What a worker of threads loads. */
import { createRequire } from 'node:module';
import { spin, touch, trivial } from './functions.mjs';

// Its types do not resolve from ES modules.
const require = createRequire(import.meta.url);
/** @type {unknown} */
const main = require('threads');
/** @type {unknown} */
const worker = require('threads/worker');
const { Transfer } = /** @type {{ Transfer: (value: object, list: object[]) => object }} */ (main);
const { expose } = /** @type {{ expose: (functions: object) => void }} */ (worker);

expose({
  spin,
  trivial,
  transferred: (/** @type {ArrayBuffer} */ buffer) => Transfer(touch(buffer), [buffer]),
});
