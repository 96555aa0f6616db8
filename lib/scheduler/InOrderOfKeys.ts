/** The elements of a lane of which those of one key run one at a time, in the order of the input. */
import type { Range } from './facts.js';
import { Heap } from './Heap.js';
import { KeyQueue } from './KeyQueue.js';
import { Locks } from './Locks.js';
import { indicesIn } from './ranges.js';
import type { Taken, WaitingElements } from './WaitingElements.js';

/**
 * The oldest first whose key is not locked. A batch locks the keys of its elements, each until nothing of it
 * is left there: all have ended, or were given back before they started. A batch runs its elements in order,
 * so that it may have several of a key. The work is the logarithm of the keys per element.
 */
export class InOrderOfKeys implements WaitingElements {
  readonly isByCost = false;
  readonly #onePerKey: boolean;
  /** Of each key that is locked, or of which something waits. */
  readonly #queues = new Map<number, KeyQueue>();
  /** Those of which something could run now. */
  readonly #ready = oldestFirst();
  /** How much waits in them. */
  #size = 0;
  /** How much waits in all of them. */
  #backlog = 0;
  #arrived = 0;
  /** The keys of the elements that are delayed. */
  readonly #delayed = new Map<number, KeyQueue>();

  /**
   * @param onePerKey whether a batch has one element of a key at most, since it may be tried again before the
   *   next is run
   */
  constructor(onePerKey: boolean) {
    this.#onePerKey = onePerKey;
  }

  get size(): number {
    return this.#onePerKey ? this.width : this.#size;
  }

  get width(): number {
    return this.#ready.size;
  }

  get backlog(): number {
    return this.#backlog;
  }

  get delayed(): number {
    return this.#delayed.size;
  }

  arrive(_count: number, keys: readonly number[]): void {
    for (const key of keys) {
      const queue = this.#queueOf(key);
      queue.push(this.#arrived++);
      this.#backlog++;
      if (queue.isLocked) continue;
      this.#size++;
      if (queue.length === 1) this.#ready.push(queue);
    }
  }

  giveBack(ranges: readonly Range[], { locks }: Taken): void {
    for (const [index, queue] of [...locks!.of(ranges)].reverse()) {
      this.#putBack(index, queue);
      this.#leave(queue);
    }
  }

  /** Of so few keys that each of the slots can have as many. */
  take(count: number, slots: number): Taken {
    const ranges: { start: number; end: number }[] = [];
    const locks = new Locks();
    const mostKeys = Math.ceil(this.width / slots);
    const chosen = oldestFirst();
    while (locks.count < count) {
      const queue = this.#popOldest(chosen, locks.queues.length < mostKeys);
      if (!queue) break;
      if (queue.holder !== locks) this.#size -= queue.length;
      const index = queue.take();
      locks.add(index, queue);
      append(ranges, index);
      if (queue.length > 0 && !this.#onePerKey) chosen.push(queue);
    }
    this.#backlog -= locks.count;
    return { ranges, count: locks.count, width: locks.queues.length, locks };
  }

  /** One after the other, each by a look at all keys: for a source that is too fast in any case. */
  drop(count: number, which: 'oldest' | 'newest'): readonly Range[] {
    const dropped: Range[] = [];
    while (dropped.length < count && this.#backlog > 0) {
      const waiting = [...this.#queues.values()].filter(({ length }) => length > 0);
      const index = which === 'oldest' ? oldestOf(waiting).take() : newestOf(waiting).takeLast();
      this.#backlog--;
      dropped.push({ start: index, end: index + 1 });
    }
    if (dropped.length > 0) this.#lookAtAll();
    return dropped;
  }

  settle(ranges: readonly Range[], { locks }: Taken): void {
    for (const [, queue] of locks!.of(ranges)) this.#leave(queue);
  }

  release({ locks }: Taken): void {
    for (const queue of locks!.queues) {
      // Another batch may have it by now.
      if (queue.holder !== locks) continue;
      queue.held = 0;
      this.#unlock(queue);
    }
  }

  delay(ranges: readonly Range[], { locks }: Taken): void {
    for (const [index, queue] of locks!.of(ranges)) {
      queue.delayed = index;
      this.#delayed.set(index, queue);
      this.#leave(queue);
    }
  }

  resume(ranges: readonly Range[]): void {
    for (const index of indicesIn(ranges)) {
      const queue = this.#delayed.get(index)!;
      this.#delayed.delete(index);
      queue.delayed = undefined;
      this.#putBack(index, queue);
      if (queue.held === 0) this.#unlock(queue);
    }
  }

  clear(): void {
    this.#queues.clear();
    this.#ready.clear();
    this.#delayed.clear();
    this.#size = 0;
    this.#backlog = 0;
  }

  #queueOf(key: number): KeyQueue {
    let queue = this.#queues.get(key);
    if (!queue) this.#queues.set(key, (queue = new KeyQueue(key)));
    return queue;
  }

  /** From what a batch has already, or from another key, if it may have one more. */
  #popOldest(chosen: Heap<KeyQueue>, mayHaveMore: boolean): KeyQueue | undefined {
    const own = chosen.peek();
    const other = mayHaveMore ? this.#ready.peek() : undefined;
    return own && !(other && isOlder(other, own)) ? chosen.pop() : other && this.#ready.pop();
  }

  #putBack(index: number, queue: KeyQueue): void {
    queue.putBack(index);
    this.#backlog++;
  }

  /** Finds anew what could run now. */
  #lookAtAll(): void {
    this.#ready.clear();
    this.#size = 0;
    for (const queue of this.#queues.values()) if (!queue.isLocked) this.#unlock(queue);
  }

  /** One of its elements is no more in the batch that holds it. */
  #leave(queue: KeyQueue): void {
    if (--queue.held === 0) this.#unlock(queue);
  }

  #unlock(queue: KeyQueue): void {
    queue.holder = undefined;
    if (queue.delayed !== undefined) return;
    this.#size += queue.length;
    if (queue.length > 0) this.#ready.push(queue);
    else this.#queues.delete(queue.key);
  }
}

function oldestFirst(): Heap<KeyQueue> {
  return new Heap(isOlder);
}

function isOlder(a: KeyQueue, b: KeyQueue): boolean {
  return a.first! < b.first!;
}

function oldestOf(queues: readonly KeyQueue[]): KeyQueue {
  return queues.reduce((a, b) => (isOlder(a, b) ? a : b));
}

function newestOf(queues: readonly KeyQueue[]): KeyQueue {
  return queues.reduce((a, b) => (a.last! > b.last! ? a : b));
}

/** Indices only go up here. */
function append(ranges: { start: number; end: number }[], index: number): void {
  const last = ranges.at(-1);
  if (last?.end === index) last.end++;
  else ranges.push({ start: index, end: index + 1 });
}
