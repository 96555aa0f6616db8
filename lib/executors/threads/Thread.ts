/** One worker thread: its life from start to end, and the batches it holds. */
import {
  MessageChannel,
  receiveMessageOnPort,
  type MessagePort,
  type Worker,
} from 'node:worker_threads';
import { WorkerCrashedError, type CrashDetails } from '../../errors.js';
import { notExposed } from '../../task/loadTask.js';
import { makeClaims, openClaims, stopClaims } from '../../worker/claims.js';
import { makeClock, readClock, resetClock, type Running } from '../../worker/elementClock.js';
import type { WorkerMessage } from '../../worker/messages.js';
import { messagesIn, type Mail } from '../../worker/Outbox.js';
import {
  failed,
  type Batch,
  type BatchId,
  type BatchObserver,
  type Millis,
  type Settled,
  type SlotId,
  type SlotSetup,
} from '../Executor.js';
import { inTime } from '../inTime.js';
import { TimeoutWatch } from '../TimeoutWatch.js';
import { uncloneableInputs, unreadableInputs } from '../uncloneableInputs.js';
import { BatchSender } from './BatchSender.js';
import { Cells } from './Cells.js';
import { isRunning, lost, type InFlight } from './InFlight.js';
import { readMessage, readThrown } from './readMessage.js';
import { rebuildError } from './rebuildError.js';
import { spawnWorker } from './spawnWorker.js';
import { startWorker } from './startWorker.js';
import type { ThreadsOptions } from './ThreadsOptions.js';
import { unread } from './unread.js';

/**
 * The thread ends exactly once, with the worker's `exit`: `error` may or may not come before it,
 * and what the worker posted before is still in the port then.
 */
export class Thread {
  /** Resolves when batches can be run; rejects with the reason when that will not be. */
  readonly opened: Promise<void>;
  /** Resolves when the thread has ended and nothing of it is left. Never rejects. */
  readonly ended: Promise<void>;

  readonly #worker: Worker;
  readonly #onEnd: (reason: WorkerCrashedError) => void;
  readonly #claims = makeClaims();
  readonly #clock = makeClock();
  readonly #port: MessagePort;
  readonly #sender: BatchSender;
  /** The functions that it exposes; undefined where it is no worker file. */
  #exposed: readonly string[] | undefined;
  #opensBy: NonNullable<CrashDetails['when']>;
  /** Until the worker is greeted there is nothing but the platform to end it. */
  #terminate = (): Promise<unknown> => this.#worker.terminate();
  readonly #cells = new Cells();
  /** What it holds, in its order. No Map: V8 builds that anew whenever it becomes empty. */
  readonly #held: InFlight[] = [];
  #isOpen = false;
  #isEnding = false;
  /** The uncaught error that is about to end the worker. */
  #uncaught: { readonly cause: unknown } | undefined;
  /** Why messages could not be read since the last one that could. */
  #unreadable: unknown;

  /** @param onEnd called once, when the worker has ended and before its batches return */
  constructor(
    slot: SlotId,
    options: ThreadsOptions,
    setup: SlotSetup,
    onEnd: (reason: WorkerCrashedError) => void,
  ) {
    this.#onEnd = onEnd;
    this.#opensBy = options.worker ? 'exposing' : 'starting';
    this.#worker = startWorker(slot, options);
    // After the worker, which may throw: nobody would close the ports then.
    const channel = new MessageChannel();
    this.#port = channel.port1;
    this.#sender = new BatchSender(this.#port);
    this.#worker.on('error', (cause) => {
      this.#uncaught = { cause: rebuildError(cause) };
    });
    const exit = new Promise<CrashDetails>((resolve) => {
      this.#worker.once('exit', (exitCode) => {
        resolve(this.#crashDetails(exitCode));
      });
    });
    this.ended = exit.then((details) => {
      this.#end(details);
    });
    const end = exit.then((details): never => {
      throw new WorkerCrashedError(undefined, { ...details, when: this.#opensBy });
    });
    this.opened = Promise.race([this.#open(slot, channel.port2, setup, end), end]);
  }

  /** What it does until it is open, for the message should that come to nothing. */
  get opensBy(): NonNullable<CrashDetails['when']> {
    return this.#opensBy;
  }

  /** The thread must be open, and hold fewer batches than it has cells. */
  run(batch: Batch, observer: BatchObserver): void {
    const { task, values, timeout } = batch;
    const cell = this.#cells.take();
    const inFlight: InFlight = { batch, count: values.length, observer, cell, settled: 0 };
    this.#held.push(inFlight);
    if (task.source.kind === 'exposed' && !this.#exposed?.includes(task.source.name)) {
      const reason = notExposed(task.source.name, this.#exposed);
      const failures = Array.from(values, (_, position) => ({ position, reason }));
      return this.#return(inFlight, failed(failures), 0);
    }
    openClaims(this.#claims, cell);
    resetClock(this.#clock, cell);
    const isSent = this.#sender.send(batch, cell, (error) => {
      this.#return(inFlight, uncloneableInputs(batch, error), 0);
    });
    if (!isSent) return;
    if (timeout !== undefined) inFlight.watch = this.#watch(inFlight, timeout);
    this.#worker.ref();
  }

  /** @returns the position of the first element taken back; the batch's count if there is none */
  reclaim(batch: BatchId): number {
    const inFlight = this.#holding(batch);
    return inFlight ? this.#stop(inFlight) : Infinity;
  }

  forget(shared: number): void {
    this.#sender.forget(shared);
  }

  abort(batch: BatchId): void {
    const inFlight = this.#holding(batch);
    if (!inFlight) return;
    this.#stop(inFlight);
    this.#sender.say({ type: 'abort', batch });
  }

  /** Ends the worker, whatever it does. */
  terminate(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#worker.ref(); // else the process could end before whoever waits for the end is told
    void this.#terminate();
  }

  /** Whether it keeps the process alive while it opens. */
  setAwaited(isAwaited: boolean): void {
    if (this.#isOpen) return;
    if (isAwaited) this.#worker.ref();
    else this.#unref();
  }

  async #open(
    workerId: SlotId,
    port: MessagePort,
    { initializer, shared }: SlotSetup,
    end: Promise<never>,
  ): Promise<void> {
    const { connect, terminate } = await spawnWorker(this.#worker, end);
    this.#terminate = terminate;
    if (initializer) this.#opensBy = 'initializing';
    const [claims, clock] = [this.#claims, this.#clock];
    const start = { workerId, claims, clock, port, shared };
    const connected = connect({ ...start, initializer: initializer?.source });
    const { exposed, failure } = await inTime(Promise.race([connected, end]));
    if (failure) throw readThrown(failure, initializer!);
    this.#exposed = exposed;
    this.#port.on('message', (mail: Mail<WorkerMessage>) => {
      for (const message of messagesIn(mail)) this.#receive(message);
    });
    // Node does not say what it could not read. If it was a batch's return, nothing more would come of it.
    this.#port.on('messageerror', (cause: unknown) => {
      this.#unreadable = rebuildError(cause);
      for (const { batch } of this.#held) {
        this.#sender.say({ type: 'unread', batch: batch.id });
      }
    });
    this.#port.unref();
    this.#isOpen = true;
    this.#unref();
  }

  /** Lets the process end with the worker idle, unless somebody waits for the worker's own end. */
  #unref(): void {
    if (!this.#isEnding) this.#worker.unref();
  }

  #receive(message: WorkerMessage): void {
    const inFlight = this.#holding(message.batch);
    if (!inFlight) return;
    const { batch, observer, settled } = inFlight;
    let outcomes = [readMessage(message, batch)];
    // Elements run in order: those between were in a message that could not be read.
    if (message.from > settled) {
      outcomes.unshift(...failed(unread(batch, settled, message.from, this.#unreadable)));
    }
    this.#unreadable = undefined;
    inFlight.settled = message.from + message.values.length;
    const { watch } = inFlight;
    if (watch) outcomes = outcomes.map((some) => watch.judge(some));
    if (message.busy !== undefined) return this.#return(inFlight, outcomes, message.busy);
    for (const some of outcomes) observer.settled(some);
  }

  #return(inFlight: InFlight, outcomes: readonly Settled[], busy: Millis): void {
    this.#held.splice(this.#held.indexOf(inFlight), 1);
    this.#cells.giveBack(inFlight.cell);
    if (this.#held.length === 0) this.#unref();
    inFlight.watch?.stop();
    inFlight.observer.returned(outcomes, busy);
    this.#endIfOverdue();
  }

  #watch(inFlight: InFlight, timeout: Millis): TimeoutWatch {
    const { batch, cell, observer } = inFlight;
    const running = (): Running | undefined => readClock(this.#clock, cell);
    return new TimeoutWatch(timeout, batch.ranges, {
      running,
      expire: (position) => {
        this.#sender.say({ type: 'expire', batch: batch.id, position });
      },
      end: (position) => {
        // Nothing else may start any more, since it would be lost with the worker.
        for (const one of this.#held) this.#stop(one);
        if (running()?.position !== position) return;
        inFlight.isOverdue = true;
        if (batch.isBeside) observer.overdue();
        this.#endIfOverdue();
      },
    });
  }

  /** Ends the worker for an element that is overdue, unless others run in it that have time left. */
  #endIfOverdue(): void {
    if (!this.#held.some(({ isOverdue }) => isOverdue)) return;
    const isOver = (one: InFlight): boolean =>
      one.isOverdue === true || !isRunning(one, this.#stop(one));
    if (this.#held.every(isOver)) this.terminate();
  }

  /** Nothing more of the batch can be claimed. Gives how many elements had been. */
  #stop(inFlight: InFlight): number {
    const { cell, count } = inFlight;
    inFlight.stoppedAt ??= stopClaims(this.#claims, cell, count);
    return inFlight.stoppedAt;
  }

  #holding(batch: BatchId): InFlight | undefined {
    return this.#held.find((one) => one.batch.id === batch);
  }

  /** Accounts for what the worker still held when it ended. */
  #end(end: CrashDetails): void {
    for (let mail; (mail = this.#readLeft());) {
      for (const message of messagesIn(mail)) this.#receive(message);
    }
    this.#port.close();
    const left = this.#held.map((inFlight) => {
      const isOurs = inFlight.stoppedAt === undefined; // what was taken back is not
      return { inFlight, isOurs, claimed: this.#stop(inFlight) };
    });
    const running = left.filter(({ inFlight, claimed }) => isRunning(inFlight, claimed)).length;
    const details = { ...end, beside: running - 1 };
    this.#isEnding = true; // for what is overdue it need not be ended any more
    this.#onEnd(new WorkerCrashedError(undefined, { ...details, when: 'idle' }));
    for (const { inFlight, isOurs, claimed } of left) {
      const guilty = isOurs && claimed === 0 ? unreadableInputs(inFlight.batch, details.cause) : [];
      const failures = lost(inFlight, claimed, details, this.#unreadable).map(
        (failure) => inFlight.watch?.lossAt(failure.position) ?? failure,
      );
      this.#return(inFlight, failed([...guilty, ...failures]), 0);
    }
  }

  /** The next of the messages that nobody was told of, leaving out those that cannot be read. */
  #readLeft(): Mail<WorkerMessage> | undefined {
    for (;;) {
      try {
        return receiveMessageOnPort(this.#port)?.message as Mail<WorkerMessage> | undefined;
      } catch (cause) {
        this.#unreadable = rebuildError(cause);
      }
    }
  }

  #crashDetails(exitCode: number): CrashDetails {
    // The platform gives 1 for a worker that was ended from here.
    return { exitCode: this.#isEnding ? undefined : exitCode, ...this.#uncaught };
  }
}
