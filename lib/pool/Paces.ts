/** Remembers from one call to the next what an element of each task took. */
import type { Millis } from '../executors/Executor.js';

/** Tasks that are remembered, those that were used last: some MB of source. */
const REMEMBERED_TASKS = 1000;

export class Paces {
  /** By the task's key; the one that was used last comes last. */
  readonly #paces = new Map<string, Millis>();
  #last: string | undefined;

  get(task: string): Millis | undefined {
    return this.#paces.get(task);
  }

  remember(task: string, pace: Millis): void {
    if (task !== this.#last) this.#paces.delete(task);
    this.#last = task;
    this.#paces.set(task, pace);
    if (this.#paces.size <= REMEMBERED_TASKS) return;
    const [oldest] = this.#paces.keys();
    this.#paces.delete(oldest!);
  }
}
