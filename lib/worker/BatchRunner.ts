/** The hot path inside a worker: takes batches from the port, runs them, posts the outcomes. */
import type { MessagePort, Transferable } from 'node:worker_threads';
import { TaskLoadError } from '../errors.js';
import { messageOf } from '../quote.js';
import { BatchRun, type Ended } from '../task/BatchRun.js';
import { memoryOf, pack } from '../task/packing.js';
import { countOf } from '../task/ranges.js';
import type { Runnable, TaskSource } from '../task/task.js';
import { toWire } from '../task/thrown.js';
import { timed, timeoutReason } from '../task/timed.js';
import { whyUncloneable } from '../task/whyUncloneable.js';
import { claim } from './claims.js';
import { readClock, stopwatchOf } from './elementClock.js';
import { aheadOfOwn, workerNow } from './sharedClock.js';
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
import { messagesIn, Outbox, type Mail } from './Outbox.js';

/** Gets the function of a task; rejects with the reason where that cannot be had. */
export type LoadTask = (source: TaskSource) => Promise<Runnable>;

/** A batch that runs. */
interface Running {
  readonly batch: number;
  readonly cell: number;
  readonly run: BatchRun;
}

export class BatchRunner {
  readonly #port: MessagePort;
  readonly #start: WorkerStart;
  readonly #loadTask: LoadTask;
  /** Functions already had, by the number that the main thread gave them. */
  readonly #tasks = new Map<number, Runnable>();
  readonly #shared = new Map<number, unknown>();
  /** Batches that wait for those that run. */
  readonly #queue: RunMessage[] = [];
  readonly #running: Running[] = [];
  /** Whether the function of the batch that came first is not there yet. */
  #isLoading = false;
  #isStarting = false;
  /** Outcomes of what runs beside others: many of them end in the same turn. */
  readonly #outbox: Outbox<WorkerMessage>;
  /** Why a batch could not be read. */
  #unreadable: Error | undefined;
  /** The batch that returned last of each claim counter, and how many of its elements ended. */
  readonly #returned: ({ batch: number; count: number } | undefined)[] = [];

  constructor(port: MessagePort, start: WorkerStart, loadTask: LoadTask) {
    this.#port = port;
    this.#start = start;
    this.#loadTask = loadTask;
    this.#outbox = new Outbox(port, setImmediate);
    port.on('message', (mail: Mail<MainMessage>) => {
      for (const message of messagesIn(mail)) this.#take(message);
    });
    // Values that cannot be read would be lost in silence; as a crash, they are accounted for. But not
    // before the batches that came first have returned: they are not to blame.
    port.on('messageerror', (error: Error) => {
      this.#unreadable ??= Object.assign(error, { code: UNREADABLE });
      this.#runNext();
    });
    // A worker that ends by itself or by an error still tells of the elements that ended before.
    process.on('exit', () => {
      for (const { run } of this.#running) run.flush();
      this.#outbox.flush();
    });
  }

  #take(message: MainMessage): void {
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
    this.#runNext();
  }

  /** Starts what may run: a batch where none does, and those beside it that may. */
  #runNext(): void {
    // A batch that returns at once asks for the next, which the loop is about to start.
    if (this.#isStarting || this.#isLoading) return;
    this.#isStarting = true;
    for (let next; (next = this.#queue[0]) && this.#mayRun(next);) {
      this.#queue.shift();
      this.#begin(next);
    }
    this.#isStarting = false;
    const isIdle = this.#running.length === 0 && !this.#isLoading;
    if (isIdle) this.#endIfUnreadable();
  }

  #mayRun({ isBeside }: RunMessage): boolean {
    return !this.#isLoading && (this.#running.length === 0 || isBeside === true);
  }

  #begin(message: RunMessage): void {
    const { task, source } = message;
    const fn = this.#tasks.get(task);
    if (fn) return this.#run(message, fn);
    this.#isLoading = true;
    // The main thread sends the source with the first batch of a task.
    void fnOrThrower(this.#loadTask(source!)).then((loaded) => {
      this.#isLoading = false;
      this.#tasks.set(task, loaded);
      this.#run(message, loaded);
      this.#runNext();
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

  #run(message: RunMessage, loaded: Runnable): void {
    const { batch, cell, ranges, values, settled, reportAfter, shared } = message;
    const { isTimed, wantsTimes, isBeside } = message;
    const { workerId, claims, clock } = this.#start;
    const count = countOf(ranges);
    // With a time-out, another element may end the worker at any moment, and what has ended must not run again.
    const canWait = isBeside === true && !isTimed;
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
      now: workerNow,
      onSettled: (ended) => {
        this.#tell(outcomesOf(batch, ended), ended.transfer, canWait);
      },
      onReturned: (ended, busy) => {
        this.#running.splice(this.#running.indexOf(running), 1);
        this.#returned[cell] = { batch, count: ended.from + ended.values.length };
        this.#tell(outcomesOf(batch, ended, busy), ended.transfer, canWait);
        this.#runNext();
      },
    });
    const running = { batch, cell, run };
    this.#running.push(running);
    // It may compute for long: what has ended is not to wait for it.
    this.#outbox.flush();
    run.start();
  }

  #abort(batch: number): void {
    this.#find(batch)?.run.abort();
  }

  #expire(batch: number, position: number): void {
    this.#runOf(batch, position)?.abort(timeoutReason());
  }

  #find(batch: number): Running | undefined {
    return this.#running.find((one) => one.batch === batch);
  }

  /** The batch whose element at this position runs: it may have ended in the meantime. */
  #runOf(batch: number, position: number): BatchRun | undefined {
    const running = this.#find(batch);
    const at = running && readClock(this.#start.clock, running.cell)?.position;
    return at === position ? running!.run : undefined;
  }

  /** Says again that a batch returned. One that has not yet will say so itself. */
  #tellOfReturn(batch: number): void {
    const returned = this.#returned.find((one) => one?.batch === batch);
    if (returned) this.#tell({ batch, from: returned.count, values: [], busy: 0 }, [], false);
  }

  /** @param canWait until the end of this turn */
  #tell(message: WorkerMessage, others: readonly Transferable[], canWait: boolean): void {
    const transfer = [...others, ...memoryOf(message.values)];
    const onRefused = (error: unknown): void => {
      this.#postInstead(message, error);
    };
    const post = { message, transfer, onRefused };
    if (canWait) this.#outbox.add(post);
    else this.#outbox.send(post);
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
async function fnOrThrower(loading: Promise<Runnable>): Promise<Runnable> {
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
  if (starts) message.starts = starts.map((start) => start + aheadOfOwn(workerNow));
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
