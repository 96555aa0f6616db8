/** Says again and again, while there are slots, that the time went by in which one may idle. */
import type { Millis } from '../executors/Executor.js';

export class IdleWatch {
  readonly #period: Millis;
  readonly #onPeriod: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param period Infinity: never */
  constructor(period: Millis, onPeriod: () => void) {
    this.#period = period;
    this.#onPeriod = onPeriod;
  }

  /** Without effect while it is on. */
  start(): void {
    if (this.#timer || this.#period === Infinity) return;
    this.#timer = setInterval(this.#onPeriod, this.#period);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
