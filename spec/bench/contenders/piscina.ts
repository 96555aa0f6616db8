/** piscina, with as many threads at once and for ever. */
import { Piscina } from 'piscina';
import { WORKERS } from '../works.js';
import { transferListOf, type Contender } from './Contender.js';

export function piscina(): Contender {
  const pool = new Piscina({
    filename: new URL('../workers/piscina.mjs', import.meta.url).href,
    minThreads: WORKERS,
    maxThreads: WORKERS,
  });
  return {
    name: 'piscina',
    open: () => pool.run(1, { name: 'trivial' }) as Promise<never>,
    one: (fn, value) => pool.run(value, { name: fn, transferList: transferListOf(fn, value) }),
    close: () => pool.destroy(),
  };
}
