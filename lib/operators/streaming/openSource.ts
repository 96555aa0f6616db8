/** Opens what `mapStream` reads from: all kinds of sources behind one interface. */
import { quote } from '../../quote.js';

/** What `mapStream` can read from. A Node `Readable` is an AsyncIterable. */
export type StreamSource<T> =
  Iterable<T | PromiseLike<T>> | AsyncIterable<T> | WebReadableStream<T>;

/** A `ReadableStream` of the web, as far as it is needed: Node's and the DOM's types differ. */
export interface WebReadableStream<T> {
  readonly locked: boolean;
  cancel(reason?: unknown): Promise<void>;
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: T | undefined }>;
    cancel(reason?: unknown): Promise<void>;
    releaseLock(): void;
  };
}

export type Step = IteratorResult<unknown, unknown>;

/** A source that is being read. `next` is called again only when the step before has come. */
export interface OpenSource {
  /** At once where the source can; its values may be promises then. */
  next(): Step | PromiseLike<Step>;
  /** No more is wanted of it. It rejects with what the source throws while it is closed. */
  close(): Promise<void>;
}

/**
 * Finds out how it is to be read, without reading.
 *
 * @throws TypeError naming what came, or why it cannot be read; the error of a stream that has failed
 */
export function checkSource(caller: string, source: unknown): void {
  if (isNodeStream(source) && source.errored) throw source.errored;
  const why = whyUnreadable(source);
  if (why !== undefined) throw new TypeError(`${caller} cannot read its source: ${why}`);
  if (isWebStream(source) || isIterable(source)) return;
  throw new TypeError(
    `${caller} expects an iterable, an async iterable, a Readable of Node or a ReadableStream as its first argument, but got ${quote(source)}${remedyFor(source)}`,
  );
}

function remedyFor(source: unknown): string {
  if (typeof source === 'string') return '. For its characters, hand over [...text]';
  if (typeof source === 'function') return '. Call it: what it returns is the source';
  return has(source, 'subscribe') ? '. An Observable goes through parallelMap' : '';
}

/** Nothing is wanted of it, and nothing was ever read: a stream holds a file or a socket nevertheless. */
export async function closeUnopened(source: unknown): Promise<void> {
  if (isNodeStream(source)) source.destroy();
  else if (isWebStream(source) && !source.locked) await source.cancel();
}

/** @throws what the source throws when it is opened */
export function openSource(source: unknown): OpenSource {
  if (isWebStream(source)) return openWebStream(source);
  if (isNodeStream(source)) return openNodeStream(source);
  const { [Symbol.asyncIterator]: openAsync, [Symbol.iterator]: open } = source as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >;
  // Called on the source itself, as `for await` does.
  const openAny = (openAsync ?? open) as (this: unknown) => AnyIterator;
  return openIterator(openAny.call(source));
}

type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>;

function openIterator(iterator: AnyIterator): OpenSource {
  return {
    next: () => iterator.next(),
    close: async () => {
      await iterator.return?.();
    },
  };
}

/** As Node's own iteration ends: a stream that is not read to its end is destroyed. */
function openNodeStream(stream: NodeStream): OpenSource {
  const iterator = stream[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    close: () => {
      // At once, also while a step is awaited: the iterator's own `return` would wait for that.
      stream.destroy();
      return Promise.resolve();
    },
  };
}

function openWebStream(stream: WebReadableStream<unknown>): OpenSource {
  const reader = stream.getReader();
  return {
    next: async () => {
      let isLast = true;
      try {
        const { done, value } = await reader.read();
        isLast = done;
        return { done, value };
      } finally {
        if (isLast) reader.releaseLock();
      }
    },
    close: async () => {
      try {
        await reader.cancel();
      } finally {
        reader.releaseLock();
      }
    },
  };
}

interface NodeStream extends AsyncIterable<unknown> {
  readonly destroyed: boolean;
  readonly readableEnded: boolean;
  readonly errored?: Error | null;
  destroy(): void;
}

function isIterable(source: unknown): boolean {
  if (typeof source === 'string' || source === undefined || source === null) return false;
  const { [Symbol.asyncIterator]: openAsync, [Symbol.iterator]: open } = source as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >;
  return typeof openAsync === 'function' || typeof open === 'function';
}

function isWebStream(source: unknown): source is WebReadableStream<unknown> {
  return has(source, 'getReader') && 'locked' in (source as object);
}

function isNodeStream(source: unknown): source is NodeStream {
  return has(source, 'destroy') && has(source, Symbol.asyncIterator) && has(source, 'pipe');
}

function has(source: unknown, method: PropertyKey): boolean {
  return (
    typeof source === 'object' &&
    source !== null &&
    typeof (source as Record<PropertyKey, unknown>)[method] === 'function'
  );
}

/** Why nothing can be had of a stream any more, as a part of a sentence. */
function whyUnreadable(source: unknown): string | undefined {
  if (isWebStream(source)) {
    return source.locked
      ? 'the ReadableStream is locked, since something else reads it. Read it in one place only, or use tee()'
      : undefined;
  }
  if (!isNodeStream(source)) return undefined;
  if (source.readableEnded) return 'the stream was read to its end before. Open it anew';
  return source.destroyed ? 'the stream was destroyed before. Open it anew' : undefined;
}
