/** What a worker of workerpool loads. */
import workerpool from 'workerpool';
import { spin, touch, trivial } from './functions.mjs';

workerpool.worker({
  spin,
  trivial,
  transferred: (/** @type {ArrayBuffer} */ buffer) =>
    new workerpool.Transfer(touch(buffer), [buffer]),
});
