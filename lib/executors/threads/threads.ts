/** The executor that runs batches on worker threads of this process: a thread for each slot. */
import { divideCores } from '../../cores.js';
import { WorkerCrashedError } from '../../errors.js';
import {
  LastingFailure,
  type Batch,
  type BatchId,
  type BatchObserver,
  type Executor,
  type Millis,
  type SlotId,
  type SlotSetup,
} from '../Executor.js';
import { initializerFailed } from '../initializerFailed.js';
import { TooLate } from '../inTime.js';
import { checkThreadsOptions } from './checkThreadsOptions.js';
import { rebuildError } from './rebuildError.js';
import { Thread } from './Thread.js';
import type { ThreadsOptions } from './ThreadsOptions.js';

/** Runs elements on worker threads: what a pool does by default. */
export function threads(options: ThreadsOptions = {}): Executor {
  checkThreadsOptions(options);
  return new ThreadsExecutor(options);
}

/** The largest number that their count may be. */
const MOST_WORKERS = 2 ** 31 - 1;

class ThreadsExecutor implements Executor {
  /** One message there and one back. */
  readonly overhead: Millis = 0.03;
  readonly keepsClosures = false;
  readonly #options: ThreadsOptions;
  #setup: SlotSetup = {};
  /** How many workers divide the cores among them. */
  readonly #workers = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #threads = new Map<SlotId, Thread>();
  readonly #opening = new Set<Thread>();
  /** Slots that are being closed; who closes one needs not be told that it ended. */
  readonly #closing = new Set<SlotId>();

  constructor(options: ThreadsOptions) {
    this.#options = options;
  }

  setUp(setup: SlotSetup): void {
    this.#setup = setup;
  }

  async open(slot: SlotId, lost: (reason: WorkerCrashedError) => void): Promise<void> {
    let open = false;
    const thread = this.#start(slot, (reason) => {
      this.#threads.delete(slot);
      this.#countWorkers();
      if (!this.#closing.delete(slot) && open) lost(reason);
    });
    this.#opening.add(thread);
    try {
      await thread.opened;
      open = true;
    } catch (error) {
      thread.terminate();
      await thread.ended;
      if (error instanceof WorkerCrashedError || error instanceof LastingFailure) throw error;
      if (thread.opensBy === 'initializing') throw initializerFailed(error);
      const cause = rebuildError(error);
      const reason = new WorkerCrashedError(undefined, { cause, when: thread.opensBy });
      // Three times ten seconds would be long to wait for what hangs every time.
      throw error instanceof TooLate ? new LastingFailure(reason) : reason;
    } finally {
      this.#opening.delete(thread);
    }
  }

  #start(slot: SlotId, onEnd: (reason: WorkerCrashedError) => void): Thread {
    try {
      const thread = divideCores(
        this.#workers,
        () => new Thread(slot, this.#options, this.#setup, onEnd),
      );
      this.#threads.set(slot, thread);
      this.#countWorkers();
      return thread;
    } catch (cause) {
      // Node refuses options that it does not know in the constructor.
      throw new WorkerCrashedError(undefined, {
        cause: rebuildError(cause),
        when: this.#options.worker ? 'making' : 'starting',
      });
    }
  }

  /** Where the pool has no size of its own, the workers there are count. */
  #countWorkers(): void {
    const { size = Infinity } = this.#setup;
    const workers = size === Infinity ? this.#threads.size : Math.min(size, MOST_WORKERS);
    Atomics.store(this.#workers, 0, workers);
  }

  run(slot: SlotId, batch: Batch, observer: BatchObserver): void {
    this.#threads.get(slot)!.run(batch, observer);
  }

  reclaim(slot: SlotId, batch: BatchId): number {
    return this.#threads.get(slot)?.reclaim(batch) ?? Infinity;
  }

  setAwaited(isAwaited: boolean): void {
    for (const thread of this.#opening) thread.setAwaited(isAwaited);
  }

  forget(shared: number): void {
    for (const thread of this.#threads.values()) thread.forget(shared);
  }

  abort(slot: SlotId, batch: BatchId): void {
    this.#threads.get(slot)?.abort(batch);
  }

  async close(slot: SlotId): Promise<void> {
    const thread = this.#threads.get(slot);
    if (!thread) return;
    this.#closing.add(slot);
    thread.terminate();
    await thread.ended;
  }
}
