/** Keeps a distribution of times in a few kilobytes, however many there are. */
import type { Millis } from '../../executors/Executor.js';
import type { TimeStats } from './PoolStats.js';

/** Buckets for each doubling. A time is told as the middle of its own, so it is off by 2.2 % at most. */
const PER_DOUBLING = 16;

/** Milliseconds that the first bucket begins with; what is shorter counts as 0. */
const SHORTEST: Millis = 0.0001;

/** Doublings: up to three weeks, in which the last bucket ends. */
const DOUBLINGS = 44;

export class Histogram {
  readonly #buckets = new Float64Array(PER_DOUBLING * DOUBLINGS);
  /** Times shorter than the first bucket. */
  #zeros = 0;
  #count = 0;
  #total = 0;
  #max = 0;

  /** Notes a time that so many had. */
  add(time: Millis, count = 1): void {
    this.#count += count;
    this.#total += time * count;
    if (time > this.#max) this.#max = time;
    if (time < SHORTEST) {
      this.#zeros += count;
      return;
    }
    const bucket = Math.floor(Math.log2(time / SHORTEST) * PER_DOUBLING);
    this.#buckets[Math.min(bucket, this.#buckets.length - 1)]! += count;
  }

  read(): TimeStats {
    const [p50, p90, p99] = this.#quantiles([0.5, 0.9, 0.99]);
    const mean = this.#count === 0 ? 0 : this.#total / this.#count;
    return { count: this.#count, mean, p50: p50!, p90: p90!, p99: p99!, max: this.#max };
  }

  /** @param shares in ascending order */
  #quantiles(shares: readonly number[]): number[] {
    let below = this.#zeros;
    let next = 0;
    return shares.map((share) => {
      // The smallest time that so many, of all of them, do not exceed.
      const wanted = Math.max(1, Math.ceil(share * this.#count));
      while (below < wanted && next < this.#buckets.length) below += this.#buckets[next++]!;
      return next === 0 ? 0 : Math.min(middleOf(next - 1), this.#max);
    });
  }
}

function middleOf(bucket: number): Millis {
  return SHORTEST * 2 ** ((bucket + 0.5) / PER_DOUBLING);
}
