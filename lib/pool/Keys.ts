/** Gives the keys of a lane's elements numbers, which is all that the scheduler knows of them. */
import { Registry } from '../scheduler/Registry.js';
import type { Range } from '../task/ranges.js';

/** A key of which some elements have not ended. */
interface Key {
  readonly value: unknown;
  readonly number: number;
  /** How many. */
  left: number;
}

/** Elements whose keys are let go together. */
const CHUNK = 1024;

interface Chunk {
  /** Undefined for those that have ended. */
  readonly keys: (Key | undefined)[];
  /** How many that are. */
  ended: number;
}

/** Memory for the keys of what has not ended only, however long the input is. */
export class Keys {
  readonly #keyOf: (value: unknown) => unknown;
  /** Equal are keys that are for a Map: NaN and NaN, 0 and -0, but no two objects. */
  readonly #keys = new Map<unknown, Key>();
  /** The keys of elements, by their place in the input. */
  readonly #chunks = new Registry<Chunk>();
  #size = 0;
  #nextNumber = 0;

  /** @param keyOf the user's function */
  constructor(keyOf: (value: unknown) => unknown) {
    this.#keyOf = keyOf;
  }

  /** @throws what the user's function throws, or a TypeError about a promise */
  keysOf(values: readonly unknown[], from = 0, to = values.length): unknown[] {
    const keyOf = this.#keyOf; // which is to have no `this` of ours
    const keys: unknown[] = [];
    for (let nth = from; nth < to; nth++) keys.push(checkKey(keyOf(values[nth])));
    return keys;
  }

  /** The next elements of the input have these keys. @returns their numbers */
  add(keys: readonly unknown[]): number[] {
    return keys.map((value) => this.#add(value));
  }

  /** These elements have ended for good: nothing that comes later has to wait for them. */
  drop(ranges: readonly Range[]): void {
    for (const { start, end } of ranges) {
      for (let index = start; index < end; index++) this.#drop(index);
    }
  }

  clear(): void {
    this.#keys.clear();
    this.#chunks.clear();
  }

  #add(value: unknown): number {
    let key = this.#keys.get(value);
    if (!key) this.#keys.set(value, (key = { value, number: this.#nextNumber++, left: 0 }));
    key.left++;
    const nth = Math.floor(this.#size++ / CHUNK);
    const chunk = this.#chunks.get(nth);
    if (chunk) chunk.keys.push(key);
    else this.#chunks.set(nth, { keys: [key], ended: 0 });
    return key.number;
  }

  #drop(index: number): void {
    const nth = Math.floor(index / CHUNK);
    const chunk = this.#chunks.get(nth);
    if (!chunk) return;
    const key = chunk.keys[index % CHUNK]!;
    chunk.keys[index % CHUNK] = undefined;
    if (--key.left === 0) this.#keys.delete(key.value);
    if (++chunk.ended === CHUNK) this.#chunks.delete(nth);
  }
}

/** Each promise is another, so that nothing would wait for anything. */
function checkKey(key: unknown): unknown {
  if (!(key instanceof Promise)) return key;
  key.catch(() => undefined);
  throw new TypeError(
    'key(value) must give the key itself, but gave a Promise. Let the function not be async',
  );
}
