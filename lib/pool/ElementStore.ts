/** Keeps the elements of a lane, by their place in the input, until they have ended. */
import { Registry } from '../scheduler/Registry.js';
import { join, pack, type Values } from '../task/packing.js';
import type { Range } from '../task/ranges.js';

/**
 * Elements that are kept, and let go, together: as many as the largest batch has, so that most batches
 * are one part of one chunk.
 */
const CHUNK = 8_192;

/** Ranges from which on most are short: of elements by their cost or key. */
const MOST_PARTS = 16;

interface Chunk {
  /** Numbers that came together are packed, since they are sent so, and take half the memory. */
  values: Values;
  /** How many of them have ended. */
  ended: number;
}

/** Memory for what has not ended only, however long the input is. */
export class ElementStore {
  readonly #chunks = new Registry<Chunk>();
  #size = 0;

  /** How many elements came so far. */
  get size(): number {
    return this.#size;
  }

  push(value: unknown): void {
    const number = Math.floor(this.#size++ / CHUNK);
    const chunk = this.#chunks.get(number);
    if (chunk) growable(chunk).push(value);
    else this.#chunks.set(number, { values: [value], ended: 0 });
  }

  /** Adds copies of the values from `from` up to, not including, `to`. */
  add(values: readonly unknown[], from = 0, to = values.length): void {
    for (let next = from; next < to;) {
      const number = Math.floor(this.#size / CHUNK);
      const end = Math.min(to, next + CHUNK - (this.#size % CHUNK));
      const chunk = this.#chunks.get(number);
      if (!chunk) this.#chunks.set(number, { values: pack(values, next, end), ended: 0 });
      else append(growable(chunk), values, next, end);
      this.#size += end - next;
      next = end;
    }
  }

  /** Copies of parts of the chunks, in the form that travels fastest. */
  get(ranges: readonly Range[]): Values {
    if (ranges.length > MOST_PARTS) return this.#getOneByOne(ranges);
    const parts: Values[] = [];
    for (const range of ranges) this.#addPartsOf(range, parts);
    return join(parts);
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

  /** Where an array for each range would take longer. */
  #getOneByOne(ranges: readonly Range[]): Values {
    const all: unknown[] = [];
    for (const { start, end } of ranges) {
      for (let index = start; index < end; index++) {
        const nth = index % CHUNK;
        all.push(this.#chunks.get((index - nth) / CHUNK)!.values[nth]);
      }
    }
    return pack(all);
  }

  #addPartsOf({ start, end }: Range, parts: Values[]): void {
    for (let index = start; index < end;) {
      const first = index % CHUNK;
      const to = Math.min(CHUNK, first + end - index);
      parts.push(pack(this.#chunks.get((index - first) / CHUNK)!.values, first, to));
      index += to - first;
    }
  }

  #dropFrom(number: number, offset: number, count: number): void {
    const chunk = this.#chunks.get(number);
    if (!chunk) return;
    chunk.ended += count;
    if (chunk.ended === CHUNK) this.#chunks.delete(number);
    else if (Array.isArray(chunk.values)) chunk.values.fill(0, offset, offset + count);
  }
}

/** The chunk's values, as an array that takes any other. */
function growable(chunk: Chunk): unknown[] {
  if (!Array.isArray(chunk.values)) chunk.values = Array.from<unknown>(chunk.values);
  return chunk.values as unknown[];
}

function append(into: unknown[], values: readonly unknown[], from: number, to: number): void {
  for (let i = from; i < to; i++) into.push(values[i]);
}
