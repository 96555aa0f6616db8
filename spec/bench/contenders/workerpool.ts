/** workerpool, on threads. */
import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import { WORKERS } from '../works.js';
import { transferListOf, type Contender } from './Contender.js';

export function workerpoolContender(): Contender {
  const file = fileURLToPath(new URL('../workers/workerpool.mjs', import.meta.url));
  const pool = workerpool.pool(file, {
    minWorkers: WORKERS,
    maxWorkers: WORKERS,
    workerType: 'thread',
  });
  return {
    name: 'workerpool',
    open: async () => {
      await pool.exec('trivial', [1]);
    },
    one: async (fn, value) => {
      const transfer = transferListOf(fn, value);
      return (await pool.exec(fn, [value], { transfer })) as unknown;
    },
    close: async () => {
      await pool.terminate(true);
    },
  };
}
