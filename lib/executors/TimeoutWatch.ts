/** Watches the elements of a batch while they run, and decides which of them are over time. */
import { TaskTimeoutError } from '../errors.js';
import { indexAt } from '../task/ranges.js';
import { ABORT_GRACE, type Batch, type Failure, type Millis, type Settled } from './Executor.js';

/** What the watch can see of a batch, and do to it. */
export interface Watched {
  /** The element that runs, and for how long by now; undefined if none does. */
  running(): { readonly position: number; readonly elapsed: Millis } | undefined;
  /** An element is over time: it shall be told by its signal. */
  expire(position: number): void;
  /** It went on for the whole grace nevertheless: its slot shall be ended. */
  end(position: number): void;
}

/**
 * Looks at the batch when the element that runs may be over time, at the earliest. So an element that ended
 * before a busy main thread came to look is never taken to be over time.
 */
export class TimeoutWatch {
  readonly #timeout: Millis;
  readonly #ranges: Batch['ranges'];
  readonly #watched: Watched;
  /** Positions of elements that were over time, and how long each had run when that was seen. */
  readonly #expired = new Map<number, Millis>();
  #timer: NodeJS.Timeout | undefined;

  constructor(timeout: Millis, ranges: Batch['ranges'], watched: Watched) {
    this.#timeout = timeout;
    this.#ranges = ranges;
    this.#watched = watched;
    this.#lookIn(timeout);
  }

  /** The batch has returned. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Why the element at this position failed with which the slot was lost, if it was over time. */
  lossAt(position: number): Failure | undefined {
    return this.#expired.has(position) ? this.#failureAt(position, 'workerEnded') : undefined;
  }

  /** Outcomes, with those of elements over time replaced: whatever they still gave. */
  judge(settled: Settled): Settled {
    const { from, values, failures } = settled;
    const late = [...this.#expired.keys()].filter(
      (one) => one >= from && one < from + values.length,
    );
    if (late.length === 0) return settled;
    const judged = Array.from<unknown>(values);
    for (const position of late) judged[position - from] = undefined;
    const others = failures.filter(({ position }) => !late.includes(position));
    const own = late.map((position) => this.#failureAt(position, 'stopped'));
    return { ...settled, values: judged, failures: [...others, ...own] };
  }

  #failureAt(position: number, outcome: 'stopped' | 'workerEnded'): Failure {
    const index = indexAt(this.#ranges, position);
    return { position, reason: new TaskTimeoutError(index, this.#timeout, outcome) };
  }

  #look(): void {
    const running = this.#watched.running();
    if (!running) return this.#lookIn(this.#timeout);
    const { position, elapsed } = running;
    const expiredAfter = this.#expired.get(position);
    const left = expiredAfter === undefined ? this.#timeout : expiredAfter + ABORT_GRACE;
    if (elapsed < left) return this.#lookIn(left - elapsed);
    // Once: the slot is ending, and the batch returns with it.
    if (expiredAfter !== undefined) return this.#watched.end(position);
    // Before it is told, since the batch may return from within that.
    this.#lookIn(ABORT_GRACE);
    this.#expired.set(position, elapsed);
    this.#watched.expire(position);
  }

  /** In no more than the time that another element has which starts meanwhile. */
  #lookIn(after: Millis): void {
    // Holds the process, as what runs does: in this thread a promise alone would not.
    this.#timer = setTimeout(
      () => {
        this.#look();
      },
      Math.min(after, this.#timeout),
    );
  }
}
