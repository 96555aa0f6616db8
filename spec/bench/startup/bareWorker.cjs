/** What `bare.mjs` starts. CommonJS, which is there sooner. */
'use strict';
const { parentPort } = require('node:worker_threads');

parentPort?.on('message', (/** @type {number} */ x) => parentPort?.postMessage(x + 1));
