/** One worker thread: its life from start to end, and the batch it holds. */
import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { WorkerCrashedError, type CrashDetails } from '../../errors.js';
import { ALL_CLAIMED, type MainMessage, type WorkerMessage } from '../../worker/messages.js';
import {
  rejected,
  type Batch,
  type BatchId,
  type BatchObserver,
  type Settled,
  type SlotId,
} from '../Executor.js';
import { uncloneableInputs } from '../uncloneableInputs.js';
import { NodeWorker } from './NodeWorker.js';
import { readSettled } from './readSettled.js';
import { rebuildError } from './rebuildError.js';
import { spawnWorker } from './spawnWorker.js';
import type { ThreadsOptions } from './ThreadsOptions.js';
import { workerLocation } from './workerLocation.js';

interface InFlight {
  readonly batch: Batch;
  readonly observer: BatchObserver;
  /** Outcomes received; elements run in order, so it is the position of the first without one. */
  settled: number;
}

/**
 * The thread ends exactly once, with the worker's `exit`: `error` may or may not come before it,
 * and what the worker posted before is still in the port then.
 */
export class Thread {
  /** Resolves when batches can be run; rejects with the reason when that will not be. */
  readonly opened: Promise<void>;
  /** Resolves when the thread has ended and nothing of it is left. Never rejects. */
  readonly ended: Promise<void>;

  readonly #worker: NodeWorker;
  readonly #onEnd: (reason: WorkerCrashedError) => void;
  /** See WorkerStart.claims. */
  readonly #claims = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** Numbers of the tasks that this worker has. */
  readonly #tasks = new Map<string, number>();
  readonly #port: MessagePort;
  #inFlight: InFlight | undefined;
  /** Until the worker is greeted there is nothing but the platform to end it. */
  #terminate = (): Promise<unknown> => this.#worker.terminate();
  /** The uncaught error that is about to end the worker. */
  #uncaught: { readonly cause: unknown } | undefined;

  /** @param onEnd called once, when the worker has ended and before its batch returns */
  constructor(slot: SlotId, options: ThreadsOptions, onEnd: (reason: WorkerCrashedError) => void) {
    this.#onEnd = onEnd;
    this.#worker = new NodeWorker(workerLocation, {
      ...options,
      name: `rxjs-parallel-map ${slot}`,
      workerData: { workerId: slot, claims: this.#claims },
    });
    // After the worker, which may refuse its options: ports that are never closed stay for ever.
    const channel = new MessageChannel();
    this.#port = channel.port1;
    this.#worker.on('error', (cause) => {
      this.#uncaught = { cause: rebuildError(cause) };
    });
    const exit = new Promise<number>((resolve) => this.#worker.once('exit', resolve));
    this.ended = exit.then((exitCode) => {
      this.#end(exitCode);
    });
    this.opened = Promise.race([
      this.#open(channel.port2),
      exit.then((exitCode) => {
        throw new WorkerCrashedError(undefined, this.#crashDetails(exitCode));
      }),
    ]);
  }

  /** The thread must be open and hold no batch. */
  run(batch: Batch, observer: BatchObserver): void {
    const { key, source } = batch.task;
    const task = this.#tasks.get(key) ?? this.#tasks.size;
    this.#inFlight = { batch, observer, settled: 0 };
    Atomics.store(this.#claims, 0, 0);
    try {
      this.#post({
        type: 'run',
        batch: batch.id,
        task,
        ...(!this.#tasks.has(key) && { source }),
        indices: batch.indices,
        values: batch.values,
      });
    } catch (error) {
      this.#return(uncloneableInputs(batch, error));
      return;
    }
    this.#tasks.set(key, task);
    this.#worker.ref();
  }

  abort(batch: BatchId): void {
    if (this.#inFlight?.batch.id !== batch) return;
    Atomics.store(this.#claims, 0, ALL_CLAIMED);
    this.#post({ type: 'abort', batch });
  }

  /** Ends the worker, whatever it does. */
  terminate(): void {
    this.#worker.ref(); // else the process could end before whoever waits for the end is told
    void this.#terminate();
  }

  async #open(port: MessagePort): Promise<void> {
    this.#terminate = await spawnWorker(this.#worker, port);
    this.#port.on('message', (message: WorkerMessage) => {
      this.#receive(message);
    });
    // An outcome that cannot be read would be missing for ever.
    this.#port.on('messageerror', (cause) => {
      this.#uncaught = { cause: rebuildError(cause) };
      this.terminate();
    });
    this.#port.unref();
    this.#worker.unref();
  }

  #post(message: MainMessage): void {
    this.#port.postMessage(message);
  }

  #receive({ batch: id, settled, returned }: WorkerMessage): void {
    if (this.#inFlight?.batch.id !== id) return;
    const { batch, observer } = this.#inFlight;
    this.#inFlight.settled += settled.length;
    const outcomes = settled.map((wire) => readSettled(wire, batch));
    if (returned) this.#return(outcomes);
    else observer.settled(outcomes);
  }

  #return(outcomes: readonly Settled[]): void {
    const observer = this.#inFlight?.observer;
    this.#inFlight = undefined;
    this.#worker.unref();
    observer?.returned(outcomes);
  }

  /** Accounts for what the worker still held when it ended. */
  #end(exitCode: number): void {
    for (let left; (left = receiveMessageOnPort(this.#port));) {
      this.#receive(left.message as WorkerMessage);
    }
    this.#port.close();
    const details = this.#crashDetails(exitCode);
    this.#onEnd(new WorkerCrashedError(undefined, { ...details, when: 'idle' }));
    if (!this.#inFlight) return;
    const { batch, settled: position } = this.#inFlight;
    const index = batch.indices[position];
    // The worker claims an element before it tells of the last one's end, so more than one may be
    // claimed without an outcome. Only the first of these was running.
    const running = Atomics.load(this.#claims, 0) > position ? index : undefined;
    if (running === undefined) return this.#return([]);
    const reason = new WorkerCrashedError(running, details);
    this.#return([rejected(position, reason)]);
  }

  #crashDetails(exitCode: number): CrashDetails {
    return { exitCode, ...this.#uncaught };
  }
}
