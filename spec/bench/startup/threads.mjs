import { createRequire } from 'node:module';
import 'rxjs';

/**
 * What we use of it. Its types do not resolve from ES modules.
 *
 * @typedef {object} Threads
 * @property {(worker: object) => Promise<{ trivial(x: number): Promise<number> }>} spawn
 * @property {new (file: string) => object} Worker
 */

/** @type {unknown} */
const threads = createRequire(import.meta.url)('threads');
const { spawn, Worker } = /** @type {Threads} */ (threads);
const worker = new Worker('../workers/threads.mjs');
export const firstResult = spawn(worker).then((thread) => thread.trivial(1));
