/** poolifier, in its two ways: all elements handed out at once, or from a queue with stealing. */
import { fileURLToPath } from 'node:url';
import { FixedThreadPool } from 'poolifier';
import { WORKERS } from '../works.js';
import { transferListOf, type Contender } from './Contender.js';

export function poolifier(enableTasksQueue: boolean): Contender {
  const file = fileURLToPath(new URL('../workers/poolifier.mjs', import.meta.url));
  const pool = new FixedThreadPool(WORKERS, file, { enableTasksQueue });
  return {
    name: enableTasksQueue ? 'poolifier, queue' : 'poolifier',
    open: async () => {
      await pool.execute(1, 'trivial');
    },
    one: (fn, value) => pool.execute(value, fn, undefined, transferListOf(fn, value)),
    close: () => pool.destroy(),
  };
}
