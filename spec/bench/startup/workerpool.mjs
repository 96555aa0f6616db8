import { fileURLToPath, URL } from 'node:url';
import 'rxjs';
import workerpool from 'workerpool';

const file = fileURLToPath(new URL('../workers/workerpool.mjs', import.meta.url));
const pool = workerpool.pool(file, { maxWorkers: 1, workerType: 'thread' });
export const firstResult = pool.exec('trivial', [1]);
