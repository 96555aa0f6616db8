/** Works out how far a call has come, how fast it is, and when it will be done. Knows no clock. */
import type { Millis } from '../../executors/Executor.js';

/** How far a call has come. */
export interface Progress {
  /** Elements that gave a result. */
  readonly done: number;
  /** Elements that failed for good, or were dropped. */
  readonly failed: number;
  /** Elements there are altogether; undefined while that is not known. */
  readonly total: number | undefined;
  /** Elements that ended per second, over the last 10 seconds. */
  readonly rate: number;
  /** Milliseconds until all have ended, at that rate; undefined while that cannot be told. */
  readonly eta: Millis | undefined;
}

/** Elements that ended, and of how many. */
export interface Ended {
  readonly done: number;
  readonly failed: number;
  readonly total: number | undefined;
}

/** Milliseconds over which the rate is measured: long enough to be steady, short enough to follow. */
const WINDOW: Millis = 10_000;

export class ProgressMeter {
  /** How many had ended when: the first is as old as the window, or the beginning. */
  readonly #marks: { readonly at: Millis; readonly ended: number }[];

  constructor(now: Millis) {
    this.#marks = [{ at: now, ended: 0 }];
  }

  /** To be called as often as progress is told of: that is how often it is measured. */
  read({ done, failed, total }: Ended, now: Millis): Progress {
    const marks = this.#marks;
    const ended = done + failed;
    while (marks.length > 1 && marks[1]!.at <= now - WINDOW) marks.shift();
    const since = marks[0]!;
    const rate = now > since.at ? ((ended - since.ended) / (now - since.at)) * 1000 : 0;
    marks.push({ at: now, ended });
    return { done, failed, total, rate, eta: etaOf(total, ended, rate) };
  }
}

function etaOf(total: number | undefined, ended: number, rate: number): Millis | undefined {
  if (total === undefined) return undefined;
  const left = Math.max(0, total - ended);
  if (left === 0) return 0;
  return rate > 0 ? (left / rate) * 1000 : undefined;
}
