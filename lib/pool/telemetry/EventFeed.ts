/** Hands events on to those who want them, each on a stack of its own: whatever they do, nothing is in the middle of it. */
import type { Happening, PoolEvent } from './PoolEvent.js';

export interface EventListener {
  next(event: PoolEvent): void;
  /** There will be no more. */
  complete(): void;
}

export class EventFeed {
  /** Who listens, and how many events had come when they began. */
  readonly #listeners = new Map<EventListener, number>();
  #waiting: PoolEvent[] = [];
  /** Events that came so far. */
  #count = 0;
  #isComplete = false;

  /** Whether anybody is to be told of anything. */
  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  /** Tells of what happens from now on. @returns what ends it */
  subscribe(listener: EventListener): () => void {
    if (this.#isComplete) listener.complete();
    else this.#listeners.set(listener, this.#count);
    return () => void this.#listeners.delete(listener);
  }

  /** Only while it is heard: making an event takes time. */
  add(happening: Happening): void {
    if (this.#waiting.length === 0) {
      // No queueMicrotask, which fake timers stop.
      void Promise.resolve().then(() => {
        this.#flush();
      });
    }
    if ('count' in happening && this.#isMore(happening)) return;
    this.#count++;
    this.#waiting.push({ at: performance.timeOrigin + performance.now(), ...happening });
  }

  /** No more will come. Those that wait are told of first. */
  complete(): void {
    this.#flush();
    this.#isComplete = true;
    for (const listener of [...this.#listeners.keys()]) listener.complete();
    this.#listeners.clear();
  }

  /** Adds to the last event, if that is another part of the same. */
  #isMore(happening: Extract<Happening, { count: number }>): boolean {
    const last = this.#waiting.at(-1);
    if (!last || !('count' in last) || 'batch' in happening) return false;
    if (last.type !== happening.type || last.call !== happening.call) return false;
    const isNew = [...this.#listeners.values()].includes(this.#count);
    if (isNew) return false;
    const count = last.count + happening.count;
    this.#waiting[this.#waiting.length - 1] = { ...last, count };
    return true;
  }

  #flush(): void {
    const events = this.#waiting;
    let nth = this.#count - events.length;
    this.#waiting = [];
    for (const event of events) {
      // Observers share it.
      Object.freeze(event);
      for (const [listener, since] of [...this.#listeners]) {
        if (since <= nth && this.#listeners.has(listener)) listener.next(event);
      }
      nth++;
    }
  }
}
