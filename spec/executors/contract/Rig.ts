/** Drives an executor by hand, and writes down what it says and when. */
import type { ParallelError } from '../../../lib/errors.js';
import type {
  Batch,
  BatchId,
  BatchObserver,
  Executor,
  Millis,
  Settled,
  SlotId,
} from '../../../lib/executors/Executor.js';
import type { Range } from '../../../lib/task/ranges.js';
import { prepareTask, type PreparedTask } from '../../../lib/task/prepareTask.js';
import type { TaskFunction } from '../../../lib/task/task.js';
import { leftoversSince, platformResources } from '../../support/leftovers.js';

/** How an element of a batch ended. */
export type End = { readonly value: unknown } | { readonly reason: ParallelError } | 'unstarted';

export interface RunOptions {
  readonly slot?: SlotId;
  /** Places of the elements in an input. Default: from 0. */
  readonly indices?: readonly number[];
  /** Whether the time of each element is wanted. Default: false. */
  readonly settled?: boolean;
  /** Whether it is wanted when each element starts. Default: false. */
  readonly wantsTimes?: boolean;
  /** What of the values is moved rather than copied. */
  readonly transfer?: Batch['transfer'];
  /** Milliseconds that each element may run. Default: any time. */
  readonly timeout?: Millis;
  readonly shared?: Batch['shared'];
  /** Whether it runs beside what the slot holds. Default: false. */
  readonly isBeside?: boolean;
  /** Called from within the return. */
  readonly onReturned?: () => void;
}

export class Rig {
  readonly executor: Executor;
  /** What the executor said, in its order: `settled 0`, `settled 1`, `returned 2`, `lost`. */
  readonly said: string[] = [];
  /** Why slots were lost, in their order. */
  readonly losses: ParallelError[] = [];
  /** What it must not say: an outcome after the return, a second return, a position twice. */
  readonly outOfTurn: string[] = [];
  readonly #slots = new Set<SlotId>();
  readonly #closed = new Set<SlotId>();
  readonly #before = platformResources();
  #onLost: (() => void) | undefined;
  #lastBatch = 99;

  constructor(executor: Executor) {
    this.executor = executor;
  }

  async open(slot: SlotId = 0): Promise<void> {
    this.#slots.add(slot);
    let isLost = false;
    await this.executor.open(slot, (reason) => {
      if (isLost) this.outOfTurn.push(`slot ${slot}: lost twice`);
      if (this.#closed.has(slot)) this.outOfTurn.push(`slot ${slot}: lost after it was closed`);
      isLost = true;
      this.said.push('lost');
      this.losses.push(reason);
      this.#onLost?.();
    });
  }

  get lastBatch(): BatchId {
    return this.#lastBatch;
  }

  /** Resolves when a slot is lost the next time. */
  loss(): Promise<void> {
    return new Promise((resolve) => (this.#onLost = resolve));
  }

  /** Calls back from within the next news of a loss. */
  onLost(react: () => void): void {
    this.#onLost = react;
  }

  run<T, R>(fn: TaskFunction<T, R>, values: readonly T[], options?: RunOptions): Run {
    return this.runTask(prepareTask(fn, 'the contract'), values, options);
  }

  runTask(task: PreparedTask, values: readonly unknown[], options: RunOptions = {}): Run {
    const { slot = 0, indices = values.map((_, position) => position) } = options;
    const { settled = false, wantsTimes = false, isBeside = false } = options;
    const { transfer = [], timeout, shared } = options;
    const ranges = rangesOf(indices);
    const id = ++this.#lastBatch;
    const batch: Batch = {
      id,
      task,
      ranges,
      values,
      settled,
      reportAfter: 10,
      transfer,
      timeout,
      isBeside,
      shared,
      wantsTimes,
    };
    const log: Log = {
      said: (what) => this.said.push(what),
      outOfTurn: (what) => this.outOfTurn.push(what),
    };
    const run = new Run(batch, log, options.onReturned);
    this.executor.run(slot, batch, run);
    return run;
  }

  async close(slot: SlotId = 0): Promise<void> {
    await this.executor.close(slot);
    this.#closed.add(slot);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#slots].map((slot) => this.close(slot)));
  }

  /** Workers and ports that are there now and were not when the rig was made. */
  leftovers(): Promise<string[]> {
    return leftoversSince(this.#before);
  }
}

/** The places as ranges, in their order. */
function rangesOf(indices: readonly number[]): Range[] {
  const ranges: Range[] = [];
  for (const index of indices) {
    const last = ranges.at(-1);
    if (last?.end === index) ranges[ranges.length - 1] = { start: last.start, end: index + 1 };
    else ranges.push({ start: index, end: index + 1 });
  }
  return ranges;
}

interface Log {
  said(what: string): void;
  outOfTurn(what: string): void;
}

/** A batch under way, as its observer sees it. */
export class Run implements BatchObserver {
  readonly id: BatchId;
  /** How its elements ended, by position. Resolves when the batch has returned. */
  readonly ends: Promise<readonly End[]>;
  /** Positions whose outcomes came together with the return. */
  lastPositions: readonly number[] = [];
  /** Resolves at the first outcome that comes before the return. */
  readonly firstSettled: Promise<void>;
  readonly #positions: readonly number[];
  readonly #onReturned: (() => void) | undefined;
  readonly #log: Log;
  readonly #ends = new Map<number, End>();
  readonly #durations = new Map<number, Millis>();
  readonly #starts = new Map<number, Millis>();
  #markSettled!: () => void;
  #resolve!: (ends: readonly End[]) => void;
  #isOver = false;

  constructor(batch: Batch, log: Log, onReturned: (() => void) | undefined) {
    this.id = batch.id;
    this.#positions = [...batch.values.keys()];
    this.#onReturned = onReturned;
    this.#log = log;
    this.ends = new Promise((resolve) => (this.#resolve = resolve));
    this.firstSettled = new Promise((resolve) => (this.#markSettled = resolve));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Time that the function took for each element that ended, by position. */
  get durations(): readonly (Millis | undefined)[] {
    return this.#positions.map((position) => this.#durations.get(position));
  }

  /** When each element started that ended, where that was told, by position. */
  get starts(): readonly (Millis | undefined)[] {
    return this.#positions.map((position) => this.#starts.get(position));
  }

  overdue(): void {
    if (this.#isOver) this.#log.outOfTurn(`batch ${this.id}: overdue after its return`);
    this.#log.said('overdue');
  }

  settled(settled: Settled): void {
    if (this.#isOver) this.#log.outOfTurn(`batch ${this.id}: settled after its return`);
    this.#take(settled, 'settled');
    this.#markSettled();
  }

  returned(settled: readonly Settled[], busy: Millis): void {
    if (this.#isOver) this.#log.outOfTurn(`batch ${this.id}: returned twice`);
    if (!(busy >= 0)) this.#log.outOfTurn(`batch ${this.id}: busy for ${busy}`);
    this.lastPositions = settled.flatMap((block) => this.#take(block, 'returned'));
    if (this.lastPositions.length === 0) this.#log.said('returned');
    this.#isOver = true;
    this.#resolve(this.#positions.map((position) => this.#ends.get(position) ?? 'unstarted'));
    this.#onReturned?.();
  }

  /** @returns the positions in the block */
  #take({ from, values, failures, durations, starts }: Settled, how: string): number[] {
    const reasons = new Map(failures.map(({ position, reason }) => [position, reason]));
    const positions = Array.from<unknown, number>(values, (value, nth) => {
      const position = from + nth;
      const reason = reasons.get(position);
      if (this.#ends.has(position)) {
        this.#log.outOfTurn(`batch ${this.id}: position ${position} twice`);
      }
      this.#ends.set(position, reason ? { reason } : { value });
      if (starts) this.#starts.set(position, starts[nth]!);
      if (durations) this.#durations.set(position, durations[nth]!);
      this.#log.said(`${how} ${position}`);
      reasons.delete(position);
      return position;
    });
    for (const position of reasons.keys()) {
      this.#log.outOfTurn(`batch ${this.id}: a failure of ${position}, which is not in its block`);
    }
    return positions;
  }
}

/** The ends in short: `value`, `unstarted`, or the name of the error. */
export function kindsOf(ends: readonly End[]): string[] {
  return ends.map((end) => {
    if (end === 'unstarted') return end;
    return 'value' in end ? 'value' : end.reason.name;
  });
}

/** The error that an element ended with; fails the test if it did not. */
export function reasonOf(end: End | undefined): ParallelError {
  if (typeof end === 'object' && 'reason' in end) return end.reason;
  throw new Error(`The element ended with ${JSON.stringify(end)} instead of an error`);
}
