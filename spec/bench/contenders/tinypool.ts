/** tinypool, with as many threads at once and for ever. */
import Tinypool from 'tinypool';
import { WORKERS } from '../works.js';
import { transferListOf, type Contender } from './Contender.js';

export function tinypool(): Contender {
  const pool = new Tinypool({
    filename: new URL('../workers/tinypool.mjs', import.meta.url).href,
    minThreads: WORKERS,
    maxThreads: WORKERS,
  });
  return {
    name: 'tinypool',
    open: () => pool.run(1, { name: 'trivial' }) as Promise<never>,
    one: (fn, value) =>
      pool.run(value, { name: fn, transferList: transferListOf(fn, value) }) as Promise<unknown>,
    close: () => pool.destroy(),
  };
}
