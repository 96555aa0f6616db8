/**
 * Time that passes only when told to: takes the place of the timers and of `performance.now()`.
 *
 * Jest's own let timers that are due at the same moment go off without the promises between them, which
 * Node does not, and know whole milliseconds only.
 */
import type { Millis } from '../../../lib/executors/Executor.js';
import { Heap } from '../../../lib/scheduler/Heap.js';

const REPLACED = ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] as const;

class Timer {
  isOver = false;

  constructor(
    readonly goOff: () => void,
    public at: Millis,
    /** What is due at the same moment goes off in this order. */
    public order: number,
    readonly every: Millis | undefined,
  ) {}

  unref(): this {
    return this;
  }
}

export class VirtualTime {
  now: Millis = 0;
  readonly #agenda = new Heap<Timer>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
  #order = 0;
  /** Timers that are still to go off. */
  pending = 0;

  /** Lets time pass until the next timer, which goes off. */
  pass(): void {
    for (let timer; (timer = this.#agenda.pop());) {
      if (timer.isOver) continue;
      this.now = timer.at;
      if (timer.every === undefined) this.#clear(timer);
      else this.#plan(Object.assign(timer, { at: this.now + timer.every, order: this.#order++ }));
      return timer.goOff();
    }
  }

  /** @returns puts back what was there before */
  install(): () => void {
    const before = REPLACED.map((name) => [name, globalThis[name]] as const);
    const clear = (timer: Timer | undefined): void => {
      if (timer) this.#clear(timer);
    };
    Object.assign(globalThis, {
      setTimeout: (goOff: () => void, after: Millis) => this.#start(goOff, after),
      setInterval: (goOff: () => void, every: Millis) => this.#start(goOff, every, every),
      clearTimeout: clear,
      clearInterval: clear,
    });
    Object.defineProperty(performance, 'now', { value: () => this.now, configurable: true });
    return () => {
      Object.assign(globalThis, Object.fromEntries(before));
      Reflect.deleteProperty(performance, 'now');
    };
  }

  #start(goOff: () => void, after: Millis, every?: Millis): Timer {
    this.pending++;
    return this.#plan(new Timer(goOff, this.now + after, this.#order++, every));
  }

  #plan(timer: Timer): Timer {
    this.#agenda.push(timer);
    return timer;
  }

  #clear(timer: Timer): void {
    if (!timer.isOver) this.pending--;
    timer.isOver = true;
  }
}
