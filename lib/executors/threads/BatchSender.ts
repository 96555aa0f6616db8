/** Sends batches to a worker. What it has not had before, a function or a shared value, goes with the first that needs it. */
import type { MessagePort, Transferable } from 'node:worker_threads';
import { refuseDetached } from '../../task/detached.js';
import { memoryOf } from '../../task/packing.js';
import { Outbox } from '../../worker/Outbox.js';
import type { Draft, MainMessage, RunMessage } from '../../worker/messages.js';
import type { Batch } from '../Executor.js';

export class BatchSender {
  readonly #port: MessagePort;
  /** Numbers of the tasks that the worker has. */
  readonly #tasks = new Map<string, number>();
  /** Shared values that it has. */
  readonly #shared = new Set<number>();
  /** What runs beside others, which comes often and is small. */
  readonly #outbox: Outbox<MainMessage>;

  constructor(port: MessagePort) {
    this.#port = port;
    // Not by a timer, nor by queueMicrotask: a test runner may have replaced those.
    this.#outbox = new Outbox(port, (flush) => void Promise.resolve().then(flush));
  }

  /**
   * @param onRefused called with the reason if it cannot be cloned, now or soon
   * @returns whether it is on its way
   */
  send(batch: Batch, cell: number, onRefused: (error: unknown) => void): boolean {
    const { task, shared } = batch;
    const isNew = !this.#tasks.has(task.key) || (shared && !this.#shared.has(shared.id));
    try {
      refuseDetached(batch.transfer);
      const message = this.#write(batch, cell);
      const transfer = [...batch.transfer, ...memoryOf(message.values)];
      // What others rely on is not to wait: it may be refused.
      if (batch.isBeside && !isNew) this.#outbox.add({ message, transfer, onRefused });
      else this.#send(message, transfer);
    } catch (error) {
      onRefused(error);
      return false;
    }
    if (!isNew) return true;
    if (!this.#tasks.has(task.key)) this.#tasks.set(task.key, this.#tasks.size);
    if (shared) this.#shared.add(shared.id);
    return true;
  }

  say(message: MainMessage): void {
    this.#send(message, []);
  }

  forget(shared: number): void {
    if (this.#shared.delete(shared)) this.say({ type: 'forget', shared });
  }

  #write(batch: Batch, cell: number): RunMessage {
    const { id, task, ranges, values, settled, reportAfter, shared } = batch;
    const message: Draft<RunMessage> = {
      type: 'run',
      batch: id,
      cell,
      task: this.#tasks.get(task.key) ?? this.#tasks.size,
      ranges,
      values,
      settled,
      reportAfter,
    };
    if (!this.#tasks.has(task.key)) message.source = task.source;
    if (batch.timeout !== undefined) message.isTimed = true;
    if (batch.isBeside) message.isBeside = true;
    if (batch.wantsTimes) message.wantsTimes = true;
    if (shared) message.shared = this.#shared.has(shared.id) ? { id: shared.id } : shared;
    return message;
  }

  #send(message: MainMessage, transfer: readonly Transferable[]): void {
    this.#outbox.flush();
    this.#port.postMessage(message, transfer);
  }
}
