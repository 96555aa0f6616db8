import { URL } from 'node:url';
import 'rxjs';
import Tinypool from 'tinypool';

const filename = new URL('../workers/functions.mjs', import.meta.url).href;
const pool = new Tinypool({ filename, minThreads: 1, maxThreads: 1 });
export const firstResult = /** @type {Promise<unknown>} */ (pool.run(1, { name: 'trivial' }));
