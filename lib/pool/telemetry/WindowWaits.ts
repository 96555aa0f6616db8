/** Measures how long calls with `ordered` had to leave a worker idle, since their window was full. */
import type { Millis } from '../../executors/Executor.js';
import type { PoolStats } from './PoolStats.js';

export class WindowWaits {
  /** Calls that wait now, and since when. */
  readonly #since = new Map<object, Millis>();
  #count = 0;
  /** Of waits that are over. */
  #time: Millis = 0;

  /** @param now read only if something changes */
  note(call: object, isFull: boolean, now: () => Millis): void {
    const since = this.#since.get(call);
    if ((since !== undefined) === isFull) return;
    if (since === undefined) {
      this.#count++;
      this.#since.set(call, now());
    } else {
      this.#time += now() - since;
      this.#since.delete(call);
    }
  }

  read(now: Millis): PoolStats['windowFull'] {
    let time = this.#time;
    for (const since of this.#since.values()) time += now - since;
    return { count: this.#count, time };
  }
}
