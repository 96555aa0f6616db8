/** Tells of progress at a bounded rate: at once, then so often at most, and of the end in any case. */
import type { Millis } from '../../executors/Executor.js';
import { ProgressMeter, type Ended, type Progress } from './ProgressMeter.js';

/** Where the time comes from. */
export interface Clock {
  now(): Millis;
  /** Calls back after so long. @returns what prevents it */
  later(callBack: () => void, after: Millis): () => void;
}

export interface Timing {
  /** Milliseconds between two reports, at least. */
  readonly period?: Millis;
  readonly clock?: Clock;
}

/** Milliseconds between two reports, by default: no eye sees more, and no terminal minds. */
export const USUAL_PERIOD: Millis = 100;

export const realClock: Clock = {
  now: () => performance.now(),
  later: (callBack, after) => {
    // Nobody waits for a report: the process may end.
    const timer = setTimeout(callBack, after).unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

export class ProgressReporter {
  readonly #report: (progress: Progress) => void;
  readonly #period: Millis;
  readonly #clock: Clock;
  readonly #meter: ProgressMeter;
  #latest: Ended;
  /** Whether it was not told of. */
  #isNew = true;
  /** Prevents the next report, which is due after a while. */
  #cancel: (() => void) | undefined;

  /** @param total elements there will be, where that is known before the first has ended */
  constructor(
    report: (progress: Progress) => void,
    total: number | undefined,
    { period = USUAL_PERIOD, clock = realClock }: Timing = {},
  ) {
    this.#report = report;
    this.#latest = { done: 0, failed: 0, total };
    this.#period = period;
    this.#clock = clock;
    this.#meter = new ProgressMeter(clock.now());
  }

  note(ended: Ended): void {
    this.#latest = ended;
    this.#isNew = true;
    if (!this.#cancel) this.#tell();
  }

  /** All has ended: tells of what was not told yet. */
  end(): void {
    this.stop();
    if (!this.#isNew) return;
    this.#isNew = false;
    this.#report(this.#meter.read(this.#latest, this.#clock.now()));
  }

  /** Nobody is told of anything more. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #tell(): void {
    this.#isNew = false;
    // Before it is told, since who is told may note something, or stop it.
    this.#cancel = this.#period === Infinity ? () => undefined : this.#tellLater();
    this.#report(this.#meter.read(this.#latest, this.#clock.now()));
  }

  #tellLater(): () => void {
    return this.#clock.later(() => {
      this.#cancel = undefined;
      if (this.#isNew) this.#tell();
    }, this.#period);
  }
}
