/** Keeps the elements of a lane, by their place in the input, until they have ended. */
import type { Range } from '../task/ranges.js';

/** Elements that are kept, and let go, together: large enough to make the bookkeeping cheap. */
const CHUNK = 4096;

interface Chunk {
  readonly values: unknown[];
  /** How many of them have ended. */
  ended: number;
}

/** Memory for what has not ended only, however long the input is. */
export class ElementStore {
  readonly #chunks = new Map<number, Chunk>();
  #size = 0;

  /** How many elements came so far. */
  get size(): number {
    return this.#size;
  }

  push(value: unknown): void {
    const number = Math.floor(this.#size++ / CHUNK);
    const chunk = this.#chunks.get(number);
    if (chunk) chunk.values.push(value);
    else this.#chunks.set(number, { values: [value], ended: 0 });
  }

  /** Adds copies of the values from `from` up to, not including, `to`. */
  add(values: readonly unknown[], from = 0, to = values.length): void {
    for (let next = from; next < to;) {
      const number = Math.floor(this.#size / CHUNK);
      const end = Math.min(to, next + CHUNK - (this.#size % CHUNK));
      const chunk = this.#chunks.get(number);
      if (!chunk) this.#chunks.set(number, { values: values.slice(next, end), ended: 0 });
      else for (let i = next; i < end; i++) chunk.values.push(values[i]);
      this.#size += end - next;
      next = end;
    }
  }

  /** Copies of parts of the chunks. */
  get(ranges: readonly Range[]): unknown[] {
    const parts = ranges.flatMap((range) => this.#partsOf(range));
    return parts.length === 1 ? parts[0]! : ([] as unknown[]).concat(...parts);
  }

  /** These elements have ended: nothing refers to them any more. */
  drop(ranges: readonly Range[]): void {
    for (const { start, end } of ranges) {
      for (let index = start; index < end;) {
        const number = Math.floor(index / CHUNK);
        const to = Math.min(end, (number + 1) * CHUNK);
        this.#dropFrom(number, index % CHUNK, to - index);
        index = to;
      }
    }
  }

  clear(): void {
    this.#chunks.clear();
  }

  #partsOf({ start, end }: Range): unknown[][] {
    const parts: unknown[][] = [];
    for (let index = start; index < end;) {
      const first = index % CHUNK;
      const to = Math.min(CHUNK, first + end - index);
      parts.push(this.#chunks.get((index - first) / CHUNK)!.values.slice(first, to));
      index += to - first;
    }
    return parts;
  }

  #dropFrom(number: number, offset: number, count: number): void {
    const chunk = this.#chunks.get(number);
    if (!chunk) return;
    chunk.ended += count;
    if (chunk.ended === CHUNK) this.#chunks.delete(number);
    // With a number, since V8 clones an array of numbers faster while there is nothing else in it.
    else chunk.values.fill(0, offset, offset + count);
  }
}
