/** What `bare.mjs` starts. CommonJS, which is there sooner. */
'use strict';
// eslint-disable-next-line @typescript-eslint/no-require-imports, no-undef
const { parentPort } = require('node:worker_threads');

parentPort?.on('message', (/** @type {number} */ x) => parentPort?.postMessage(x + 1));
