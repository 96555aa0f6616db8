/** Gives out the results of a lane in the order of its input. */
import { Registry } from '../scheduler/Registry.js';
import type { Values } from '../task/packing.js';
import type { LaneObserver } from './LaneOptions.js';
import type { CallView } from './telemetry/idleCause.js';

/** Elements next to each other that have ended. */
interface Ended {
  /** Undefined where they have no results, since they were dropped. */
  readonly results: Values | undefined;
  readonly from: number;
  readonly to: number;
}

/** Stands between a lane and its observer. What it holds is bounded by the lane's window. */
export class InOrder implements LaneObserver {
  readonly #observer: LaneObserver;
  readonly #onMoved: (next: number) => void;
  /** By the place of their first element. */
  readonly #held = new Registry<Ended>();
  /** Place of the first element that was not given out. */
  #next = 0;

  /** @param onMoved told of the first element that has not been given out, whenever that is another */
  constructor(observer: LaneObserver, onMoved: (next: number) => void) {
    this.#observer = observer;
    this.#onMoved = onMoved;
  }

  get reportAfter(): number {
    return this.#observer.reportAfter;
  }

  next(results: Values, from: number, to: number, index: number): void {
    this.#add(index, { results, from, to });
  }

  dropped(index: number, count: number): void {
    this.#add(index, { results: undefined, from: 0, to: count });
  }

  measured(): void {
    this.#observer.measured?.();
  }

  /** What it holds waits for one that is missing. */
  pausedBy(): CallView['pausedBy'] {
    const cause = this.#observer.pausedBy?.();
    return cause === 'full' ? 'window full' : cause;
  }

  /** Nobody wants what it holds. Perhaps called by who is just given something. */
  close(): void {
    this.#held.clear();
  }

  error(error: unknown): void {
    this.#observer.error(error);
  }

  complete(): void {
    this.#observer.complete();
  }

  #add(index: number, ended: Ended): void {
    this.#held.set(index, ended);
    if (index !== this.#next) return;
    for (let next; (next = this.#held.get(this.#next));) {
      this.#held.delete(this.#next);
      this.#giveOut(next, this.#next);
    }
    this.#onMoved(this.#next);
  }

  #giveOut({ results, from, to }: Ended, index: number): void {
    this.#next += to - from;
    if (results) this.#observer.next(results, from, to, index);
    else this.#observer.dropped?.(index, to - from);
  }
}
