/** The hot path inside a worker: takes batches from the port, runs them, posts the outcomes. */
import type { MessagePort, Transferable } from 'node:worker_threads';
import { messageOf, TaskLoadError } from '../errors.js';
import { BatchRun, type Ended } from '../task/BatchRun.js';
import { memoryOf, pack } from '../task/packing.js';
import { countOf } from '../task/ranges.js';
import type { AnyFunction, TaskSource } from '../task/task.js';
import { toWire } from '../task/thrown.js';
import { timed, timeoutReason } from '../task/timed.js';
import { whyUncloneable } from '../task/whyUncloneable.js';
import { claim, CLAIM_CELLS } from './claims.js';
import { readClock, stopwatchOf } from './elementClock.js';
import { aheadOfOwn } from './sharedClock.js';
import {
  UNREADABLE,
  type CallFailureWire,
  type Draft,
  type MainMessage,
  type PositionedFailure,
  type RunMessage,
  type WorkerMessage,
  type WorkerStart,
} from './messages.js';

/** Gets the function of a task; rejects with the reason where that cannot be had. */
export type LoadTask = (source: TaskSource) => Promise<AnyFunction>;

export class BatchRunner {
  readonly #port: MessagePort;
  readonly #start: WorkerStart;
  readonly #loadTask: LoadTask;
  /** Functions already had, by the number that the main thread gave them. */
  readonly #tasks = new Map<number, AnyFunction>();
  readonly #shared = new Map<number, unknown>();
  /** Batches that wait for the one that runs. */
  readonly #queue: RunMessage[] = [];
  #running: { readonly batch: number; readonly cell: number; readonly run?: BatchRun } | undefined;
  /** Why a batch could not be read. */
  #unreadable: Error | undefined;
  /** The batch that returned last of each claim counter, and how many of its elements ended. */
  readonly #returned = new Array<{ batch: number; count: number } | undefined>(CLAIM_CELLS);

  constructor(port: MessagePort, start: WorkerStart, loadTask: LoadTask) {
    this.#port = port;
    this.#start = start;
    this.#loadTask = loadTask;
    port.on('message', (message: MainMessage) => {
      if (message.type === 'abort') return this.#abort(message.batch);
      if (message.type === 'expire') return this.#expire(message.batch, message.position);
      if (message.type === 'unread') return this.#tellOfReturn(message.batch);
      if (message.type === 'forget') return void this.#shared.delete(message.shared);
      // With the message, not with the batch: the one that brings it may be stopped before it runs.
      if (message.shared && 'value' in message.shared) {
        this.#shared.set(message.shared.id, message.shared.value);
      }
      // What comes after a batch that was lost may need what was lost with it.
      if (this.#unreadable) return;
      this.#queue.push(message);
      if (!this.#running) this.#runNext();
    });
    // Values that cannot be read would be lost in silence; as a crash, they are accounted for. But not
    // before the batches that came first have returned: they are not to blame.
    port.on('messageerror', (error: Error) => {
      this.#unreadable ??= Object.assign(error, { code: UNREADABLE });
      if (!this.#running) this.#runNext();
    });
    // A worker that ends by itself or by an error still tells of the elements that ended before.
    process.on('exit', () => this.#running?.run?.flush());
  }

  #runNext(): void {
    const message = this.#queue.shift();
    if (!message) return this.#endIfUnreadable();
    const { batch, cell, task, source } = message;
    const fn = this.#tasks.get(task);
    if (fn) return this.#run(message, fn);
    this.#running = { batch, cell };
    // The main thread sends the source with the first batch of a task.
    void fnOrThrower(this.#loadTask(source!)).then((loaded) => {
      this.#tasks.set(task, loaded);
      this.#run(message, loaded);
    });
  }

  /** By an uncaught error, whoever called; what it posted before is still sent. */
  #endIfUnreadable(): void {
    const error = this.#unreadable;
    if (!error) return;
    setImmediate(() => {
      throw error;
    });
  }

  #run(
    { batch, cell, ranges, values, settled, reportAfter, isTimed, wantsTimes, shared }: RunMessage,
    loaded: AnyFunction,
  ): void {
    const { workerId, claims, clock } = this.#start;
    const count = countOf(ranges);
    const own = { fn: loaded, claim: () => claim(claims, cell, count) };
    const steps = isTimed ? timed(own, stopwatchOf(clock, cell)) : own;
    const run = new BatchRun({
      fn: steps.fn,
      claim: steps.claim,
      workerId,
      shared: shared ? this.#shared.get(shared.id) : this.#start.shared,
      ranges,
      values,
      settled,
      wantsTimes: wantsTimes === true,
      reportAfter,
      onSettled: (ended) => {
        this.#post(outcomesOf(batch, ended), ended.transfer);
      },
      onReturned: (ended, busy) => {
        this.#running = undefined;
        this.#returned[cell] = { batch, count: ended.from + ended.values.length };
        this.#post(outcomesOf(batch, ended, busy), ended.transfer);
        this.#runNext();
      },
    });
    this.#running = { batch, cell, run };
    run.start();
  }

  #abort(batch: number): void {
    if (this.#running?.batch === batch) this.#running.run?.abort();
  }

  #expire(batch: number, position: number): void {
    if (this.#running?.batch !== batch) return;
    // It may have ended in the meantime.
    const running = readClock(this.#start.clock, this.#running.cell);
    if (running?.position === position) this.#running.run?.abort(timeoutReason());
  }

  /** Says again that a batch returned. One that has not yet will say so itself. */
  #tellOfReturn(batch: number): void {
    const returned = this.#returned.find((one) => one?.batch === batch);
    if (returned) this.#post({ batch, from: returned.count, values: [], busy: 0 }, []);
  }

  #post(message: WorkerMessage, transfer: readonly Transferable[]): void {
    try {
      this.#port.postMessage(message, [...transfer, ...memoryOf(message.values)]);
    } catch (error) {
      this.#postInstead(message, error);
    }
  }

  /** Nothing was transferred. What cannot go on its own is told of, and the rest is copied. */
  #postInstead(message: WorkerMessage, error: unknown): void {
    try {
      this.#port.postMessage(withFailures(message, (value) => whyUncloneable(value, 'result')));
    } catch {
      // Each can be cloned on its own, but not from here: too deep a value, for one.
      this.#port.postMessage(withFailures(message, () => messageOf(error)));
    }
  }
}

/** A task that cannot be had fails each of its elements, as a function that throws the reason. */
async function fnOrThrower(loading: Promise<AnyFunction>): Promise<AnyFunction> {
  try {
    return await loading;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function outcomesOf(
  batch: number,
  { from, values, thrown, durations, starts }: Ended,
  busy?: number,
): WorkerMessage {
  const message: Draft<WorkerMessage> = { batch, from, values: pack(values) };
  if (busy !== undefined) message.busy = busy;
  if (durations) message.durations = durations;
  if (starts) message.starts = starts.map((start) => start + aheadOfOwn());
  if (thrown.length > 0) {
    message.failures = thrown.map(({ position, thrown }) => ({
      position,
      failure: failureOf(thrown),
    }));
  }
  return message;
}

/** What was thrown, in the form that travels. */
export function failureOf(thrown: unknown): CallFailureWire {
  if (!isLoadError(thrown)) return { kind: 'thrown', thrown: toWire(thrown) };
  const { message, cause } = thrown;
  return { kind: 'load', message, ...(cause !== undefined && { cause: toWire(cause) }) };
}

/** A Proxy that was revoked throws at the question, too. */
function isLoadError(thrown: unknown): thrown is TaskLoadError {
  try {
    return thrown instanceof TaskLoadError;
  } catch {
    return false;
  }
}

/** The same with a failure in the place of each result that has a reason not to be cloned. */
function withFailures(
  message: WorkerMessage,
  reasonOf: (value: unknown) => string | undefined,
): WorkerMessage {
  const failures: PositionedFailure[] = [...(message.failures ?? [])];
  const known = new Set(failures.map(({ position }) => position));
  const values = Array.from<unknown, unknown>(message.values, (value, nth) => {
    const position = message.from + nth;
    const reason = known.has(position) ? undefined : reasonOf(value);
    if (reason === undefined) return value;
    failures.push({ position, failure: { kind: 'uncloneable', reason } });
    return undefined;
  });
  return { ...message, values, failures };
}
