/** One run of `mapStream`: reads its source as far as there is room, and gives results when they are asked for. */
import type { Call } from '../../pool/callOptions.js';
import type { Lane } from '../../pool/Lane.js';
import {
  checkSource,
  closeUnopened,
  openSource,
  type OpenSource,
  type Step,
} from './openSource.js';
import { ResultQueue } from './ResultQueue.js';
import { checked, hush, isThenable, nextTurn, NOTHING_YET } from './steps.js';

/** Results as they are pulled. Made by `mapStream`. */
export interface ParallelStream<R> extends AsyncIterableIterator<R, undefined>, AsyncDisposable {
  /**
   * Elements that have been read from the source, and whose results have not been delivered. After an early end,
   * those are lost: `break` out of the loop, and this is how many.
   */
  readonly undelivered: number;
  /**
   * Ends it: the source is closed, and what runs is cancelled. Can be called any number of times; the first time, it rejects with
   * what the source throws while it is closed.
   */
  return(): Promise<IteratorResult<R, undefined>>;
  /** The same. @returns rejects with `error` */
  throw(error?: unknown): Promise<IteratorResult<R, undefined>>;
  [Symbol.asyncIterator](): this;
}

/** Milliseconds after which results of a batch are given out while it still runs: see parallelMap.ts. */
const REPORT_AFTER = 10;

/** Milliseconds that a source may take at once, before others have their turn: results, for one. */
const LONGEST_READING = 5;

/**
 * Milliseconds that closing waits for a source which is at a step: as long as a worker has that is cancelled. A
 * generator runs its `finally` only when the step is over, which it may never be.
 */
const CLOSING_GRACE = 200;

export class StreamRun<R> implements ParallelStream<R> {
  readonly #call: Call;
  readonly #given: unknown;
  readonly #results = new ResultQueue<R>((count) => {
    this.#delivered += count;
    // Until somebody asks again, as far as anybody can tell.
    this.#isLookedAt = !this.#results.isAwaited;
    this.#readOn();
  });
  #phase: 'new' | 'reading' | 'read' | 'closed' = 'new';
  #source: OpenSource | undefined;
  #lane: Lane | undefined;
  /** Whether a step of the source is awaited, or others have their turn. */
  #isReading = false;
  /** Whether the source's own code runs, at this very moment. */
  #isAtStep = false;
  #read = 0;
  #delivered = 0;
  /** Whether the result that was delivered last may be still at its reader's hands: it counts as on its way. */
  #isLookedAt = false;
  #sourceError: { readonly error: unknown } | undefined;
  #closing: Promise<void> | undefined;

  /** @throws TypeError when the source cannot be read */
  constructor(call: Call, source: unknown) {
    checkSource(call.caller, source);
    this.#call = call;
    this.#given = source;
  }

  get undelivered(): number {
    return this.#read - this.#delivered;
  }

  next(): Promise<IteratorResult<R, undefined>> {
    if (this.#phase === 'new') this.#start();
    this.#isLookedAt = false;
    const step = this.#results.next();
    this.#readOn();
    return step;
  }

  async return(): Promise<IteratorResult<R, undefined>> {
    const isFirst = !this.#closing;
    this.#closing ??= this.#close();
    // What the source throws while it is closed is told once, as by a generator.
    await (isFirst ? this.#closing : this.#closing.catch(() => undefined));
    return { done: true, value: undefined };
  }

  async throw(error?: unknown): Promise<IteratorResult<R, undefined>> {
    // Of two errors, the one that was handed in is told.
    await this.return().catch(() => undefined);
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #start(): void {
    this.#phase = 'reading';
    try {
      checkSource(this.#call.caller, this.#given); // others may have read it since the call
      this.#source = openSource(this.#given);
      this.#lane = this.#call.openLane({
        reportAfter: REPORT_AFTER,
        next: (results, from, to) => {
          this.#results.add(results, from, to);
        },
        measured: () => {
          this.#readOn();
        },
        pausedBy: () => this.#pausedBy,
        error: (error) => {
          this.#fail(error);
        },
        complete: () => {
          this.#complete();
        },
      });
    } catch (error) {
      return this.#fail(error);
    }
    this.#readOn();
  }

  /** Nothing more is read. The source is closed behind the back of who waits for the error. */
  #fail(error: unknown): void {
    const wasReading = this.#phase === 'reading';
    this.#phase = 'closed';
    this.#results.fail(error);
    if (wasReading) this.#closeSource().catch(() => undefined);
  }

  #complete(): void {
    this.#phase = 'closed';
    if (this.#sourceError) this.#results.fail(this.#sourceError.error);
    else this.#results.complete();
  }

  async #close(): Promise<void> {
    const phase = this.#phase;
    this.#phase = 'closed';
    this.#lane?.cancel();
    this.#results.close();
    if (phase === 'new') return closeUnopened(this.#given);
    if (phase !== 'reading') return;
    const closing = this.#closeSource();
    await (this.#isReading ? withinGrace(closing) : closing);
  }

  async #closeSource(): Promise<void> {
    // A generator refuses to be closed from within its own step.
    if (this.#isAtStep) await Promise.resolve();
    await this.#source?.close();
  }

  /** Elements that may be read now; none until there is room for more than a few. */
  get #room(): number {
    const { window } = this.#lane!;
    const room = window - this.undelivered - Number(this.#isLookedAt);
    return room >= window / 8 ? room : 0;
  }

  get #pausedBy(): 'slow consumer' | 'full' | undefined {
    if (this.#phase !== 'reading' || !this.#lane || this.#room > 0) return undefined;
    return this.#results.hasSome || this.#isLookedAt ? 'slow consumer' : 'full';
  }

  /** Reads as far as there is room, unless that is being done. */
  #readOn(): void {
    if (this.#phase !== 'reading' || this.#isReading || !this.#lane || this.#room < 1) return;
    this.#isReading = true;
    try {
      const step = this.#readAtOnce();
      if (step) void this.#readWhenItComes(step);
      else this.#isReading = false;
    } catch (error) {
      this.#isReading = false;
      this.#failSource(error);
    }
  }

  /** Reads while the source gives what it has at once. @returns the first step that takes time */
  #readAtOnce(): PromiseLike<Step> | undefined {
    const until = performance.now() + LONGEST_READING;
    const values: unknown[] = [];
    const room = this.#room;
    try {
      while (values.length < room && this.#phase === 'reading') {
        const next = this.#step();
        if (isThenable(next)) return next;
        const { done, value } = checked(next);
        if (done) return void (this.#phase = 'read');
        if (isThenable(value)) return this.#stepOf(value);
        values.push(value);
        if (performance.now() > until) return nextTurn();
      }
      return undefined;
    } finally {
      this.#push(values);
    }
  }

  #step(): Step | PromiseLike<Step> {
    this.#isAtStep = true;
    try {
      return this.#source!.next();
    } finally {
      this.#isAtStep = false;
    }
  }

  async #readWhenItComes(first: PromiseLike<Step>): Promise<void> {
    try {
      for (let next: PromiseLike<Step> | undefined = first; next;) {
        const step = await next;
        if (this.#phase !== 'reading') {
          hush(step);
          return;
        }
        if (step !== NOTHING_YET) {
          const { done, value } = checked(step);
          if (done) this.#phase = 'read';
          this.#push(done ? [] : [value]);
        }
        next = this.#phase === 'reading' && this.#room > 0 ? this.#readAtOnce() : undefined;
      }
    } catch (error) {
      this.#failSource(error);
    } finally {
      this.#isReading = false;
    }
  }

  /** An iterable may give promises, as for `for await`. One that is rejected is its last. */
  async #stepOf(value: PromiseLike<unknown>): Promise<Step> {
    try {
      return { done: false, value: await value };
    } catch (error) {
      this.#source!.close().catch(() => undefined);
      throw error;
    }
  }

  #push(values: readonly unknown[]): void {
    this.#read += values.length;
    if (values.length === 1) this.#lane!.push(values[0]);
    else this.#lane!.pushAll(values);
    if (this.#phase === 'read') this.#lane!.end();
  }

  /** What was read before is still mapped and delivered. */
  #failSource(error: unknown): void {
    if (this.#phase !== 'reading') return;
    this.#phase = 'read';
    this.#sourceError = { error };
    this.#lane!.account.inputFailed();
    this.#lane!.end();
  }
}

async function withinGrace(closing: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSING_GRACE)));
  try {
    await Promise.race([closing, grace]);
  } finally {
    clearTimeout(timer);
    // It may still be rejected, when nobody waits for it.
    closing.catch(() => undefined);
  }
}
