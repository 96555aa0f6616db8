/** The hot path inside a worker: takes batches from the port, runs them, posts the outcomes. */
import type { MessagePort } from 'node:worker_threads';
import { messageOf, TaskLoadError } from '../errors.js';
import { BatchRun, type Ended } from '../task/BatchRun.js';
import type { AnyFunction, TaskSource } from '../task/task.js';
import { toWire } from '../task/thrown.js';
import { whyUncloneable } from '../task/whyUncloneable.js';
import { loadTask } from '../task/loadTask.js';
import type {
  FailureWire,
  MainMessage,
  SettledWire,
  WorkerMessage,
  WorkerStart,
} from './messages.js';

type RunMessage = Extract<MainMessage, { type: 'run' }>;

export class BatchRunner {
  readonly #port: MessagePort;
  readonly #start: WorkerStart;
  /** Functions already had, by the number that the main thread gave them. */
  readonly #tasks = new Map<number, AnyFunction>();
  #running: { readonly batch: number; readonly run: BatchRun } | undefined;

  constructor(port: MessagePort, start: WorkerStart) {
    this.#port = port;
    this.#start = start;
    port.on('message', (message: MainMessage) => {
      if (message.type === 'run') this.#receive(message);
      else this.#abort(message.batch);
    });
    // Values that cannot be read would be lost in silence; as a crash, they are accounted for.
    port.on('messageerror', (error: Error) => {
      throw error;
    });
  }

  #receive(message: RunMessage): void {
    const fn = this.#tasks.get(message.task);
    if (fn) return this.#run(message, fn);
    // The main thread sends the source with the first batch, and no batch before that one returned.
    void fnOrThrower(message.source!).then((loaded) => {
      this.#tasks.set(message.task, loaded);
      this.#run(message, loaded);
    });
  }

  #run({ batch, indices, values }: RunMessage, fn: AnyFunction): void {
    const run = new BatchRun({
      fn,
      workerId: this.#start.workerId,
      indices,
      values,
      claim: () => {
        const position = Atomics.add(this.#start.claims, 0, 1);
        return position < indices.length ? position : undefined;
      },
      settled: (ended) => {
        this.#post({ batch, settled: [settledWire(ended)], returned: false });
      },
      returned: (ended) => {
        this.#running = undefined;
        this.#post({ batch, settled: ended ? [settledWire(ended)] : [], returned: true });
      },
    });
    this.#running = { batch, run };
    run.start();
  }

  #abort(batch: number): void {
    if (this.#running?.batch === batch) this.#running.run.abort();
  }

  #post(message: WorkerMessage): void {
    try {
      this.#port.postMessage(message);
    } catch (error) {
      this.#postInstead(message, error);
    }
  }

  /** The same with a failure in the place of each result that kept it from being posted. */
  #postInstead(message: WorkerMessage, error: unknown): void {
    try {
      this.#port.postMessage({ ...message, settled: message.settled.map(withoutUncloneable) });
    } catch {
      // Each can be cloned on its own, but not from here: too deep a value, for one.
      const settled = message.settled.map((one) => uncloneable(one, messageOf(error)));
      this.#port.postMessage({ ...message, settled });
    }
  }
}

/** A task that cannot be had fails each of its elements, as a function that throws the reason. */
async function fnOrThrower(source: TaskSource): Promise<AnyFunction> {
  try {
    return await loadTask(source);
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function settledWire({ position, duration, ...ended }: Ended): SettledWire {
  if (ended.status === 'fulfilled') {
    return { position, duration, status: 'fulfilled', value: ended.value };
  }
  return { position, duration, status: 'rejected', failure: failureWire(ended.thrown) };
}

function failureWire(thrown: unknown): FailureWire {
  if (!(thrown instanceof TaskLoadError)) return { kind: 'thrown', thrown: toWire(thrown) };
  const { message, cause } = thrown;
  return { kind: 'load', message, ...(cause !== undefined && { cause: toWire(cause) }) };
}

function withoutUncloneable(settled: SettledWire): SettledWire {
  if (settled.status === 'rejected') return settled;
  const reason = whyUncloneable(settled.value, 'result');
  return reason === undefined ? settled : uncloneable(settled, reason);
}

function uncloneable({ position, duration }: SettledWire, reason: string): SettledWire {
  return { position, duration, status: 'rejected', failure: { kind: 'uncloneable', reason } };
}
