/** Results that wait for their reader, and readers that wait for results: in their order, one at a time. */
import type { Values } from '../../task/packing.js';

/** Results next to each other, of which some have been read. */
interface Chunk {
  readonly values: Values;
  at: number;
  readonly to: number;
}

interface Reader<R> {
  readonly resolve: (step: IteratorResult<R, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

export class ResultQueue<R> {
  readonly #onRead: (count: number) => void;
  #chunks: Chunk[] = [];
  /** The first of the chunks that has something left. Taken off in bulk, since `shift` moves all others. */
  #first = 0;
  /** At most one of them and the chunks is not empty. */
  #readers: Reader<R>[] = [];
  #end: { readonly error: unknown } | 'complete' | undefined;

  /** @param onRead called when a result has been handed to a reader, before that one runs on */
  constructor(onRead: (count: number) => void) {
    this.#onRead = onRead;
  }

  /** Whether somebody waits for a result. */
  get isAwaited(): boolean {
    return this.#readers.length > 0;
  }

  /** Whether results wait for somebody. */
  get hasSome(): boolean {
    return this.#first < this.#chunks.length;
  }

  /** Results from `from` up to, not including, `to`. */
  add(values: Values, from: number, to: number): void {
    if (this.#end) return;
    const chunk = { values, at: from, to };
    let read = 0;
    for (const reader of this.#readers.splice(0, to - from)) {
      reader.resolve({ done: false, value: takeFrom(chunk) as R });
      read++;
    }
    if (chunk.at < to) this.#chunks.push(chunk);
    if (read > 0) this.#onRead(read);
  }

  /** No more come. What waits is still read. */
  complete(): void {
    this.#finish('complete');
  }

  /** Nor after this: it is read once, behind what waits. */
  fail(error: unknown): void {
    this.#finish({ error });
  }

  /** Nobody reads any more: what waits is let go. */
  close(): void {
    this.#chunks = [];
    this.#first = 0;
    this.#end = 'complete';
    this.#tellReaders();
  }

  next(): Promise<IteratorResult<R, undefined>> {
    const chunk = this.#chunks[this.#first];
    if (chunk) {
      const value = takeFrom(chunk) as R;
      if (chunk.at === chunk.to) this.#dropFirst();
      this.#onRead(1);
      return Promise.resolve({ done: false, value });
    }
    if (this.#end) return this.#takeEnd();
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  #finish(end: { readonly error: unknown } | 'complete'): void {
    if (this.#end) return;
    this.#end = end;
    this.#tellReaders();
  }

  /** The first of those who wait gets an error, the others only that nothing follows. */
  #tellReaders(): void {
    const readers = this.#readers;
    this.#readers = [];
    for (const { resolve, reject } of readers) this.#takeEnd().then(resolve, reject);
  }

  async #takeEnd(): Promise<IteratorReturnResult<undefined>> {
    const end = this.#end;
    this.#end = 'complete';
    if (typeof end === 'object') throw end.error;
    return Promise.resolve({ done: true, value: undefined });
  }

  #dropFirst(): void {
    this.#first++;
    if (this.#first < this.#chunks.length && this.#first < 32) return;
    this.#chunks.splice(0, this.#first);
    this.#first = 0;
  }
}

/** Nothing refers to a result any more that has been read. */
function takeFrom(chunk: Chunk): unknown {
  const nth = chunk.at++;
  const value: unknown = chunk.values[nth];
  if (Array.isArray(chunk.values)) chunk.values[nth] = undefined;
  return value;
}
