import { fileURLToPath, URL } from 'node:url';
import { FixedThreadPool } from 'poolifier';
import 'rxjs';

const file = fileURLToPath(new URL('../workers/poolifier.mjs', import.meta.url));
const pool = new FixedThreadPool(1, file);
export const firstResult = pool.execute(1, 'trivial');
