/** What a worker without a pool runs: all it is given, with one message there and one back. */
import { parentPort } from 'node:worker_threads';
import { spin } from './functions.mjs';

parentPort?.on('message', (/** @type {readonly number[]} */ values) => {
  parentPort?.postMessage(values.map(spin));
});
