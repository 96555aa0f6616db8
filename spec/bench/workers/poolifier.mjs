/** What a worker of poolifier loads. Version 5.3 cannot transfer results, so they are copied. */
import { ThreadWorker } from 'poolifier';
import { spin, touch, trivial } from './functions.mjs';

/** @type {Record<string, (value: unknown) => unknown>} */
const functions = {
  spin: (microseconds) => spin(/** @type {number} */ (microseconds)),
  trivial: (x) => trivial(/** @type {number} */ (x)),
  transferred: (buffer) => touch(/** @type {ArrayBuffer} */ (buffer)),
};

export default new ThreadWorker(functions);
