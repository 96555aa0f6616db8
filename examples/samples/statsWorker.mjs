import { expose } from 'rxjs-parallel-map/worker';

/** @param {number[]} xs */
export function mean(xs) {
  return xs.reduce((sum, x) => sum + x, 0) / xs.length;
}

expose({ mean });
