import { URL } from 'node:url';
import 'rxjs';
import { Piscina } from 'piscina';

const filename = new URL('../workers/functions.mjs', import.meta.url).href;
const pool = new Piscina({ filename, minThreads: 1, maxThreads: 1 });
export const firstResult = pool.run(1, { name: 'trivial' });
