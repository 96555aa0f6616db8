/** Keeps account of the elements of one call: how many came, and what became of them. */
import type { Millis } from '../../executors/Executor.js';
import type { Range } from '../../task/ranges.js';
import { ArrivalTimes } from './ArrivalTimes.js';
import type { CallMessage } from './diagnostics.js';
import type { ElementStats } from './PoolStats.js';
import type { TraceRecording } from './TraceRecording.js';

/** Counts of elements. */
export type Counts = {
  -readonly [Name in keyof typeof NOTHING]: number;
};

/** What counts for how far a call has come. */
const FOLLOWED = new Set<string>(['done', 'failed', 'dropped']);

const NOTHING = {
  arrived: 0,
  inFlight: 0,
  done: 0,
  failed: 0,
  cancelled: 0,
  dropped: 0,
  retried: 0,
};

export function noCounts(): Counts {
  return { ...NOTHING };
}

export function elementStats(counts: Counts): ElementStats {
  const { arrived, inFlight, done, failed, cancelled, dropped, retried } = counts;
  const waiting = waitingOf(counts);
  return { arrived, waiting, inFlight, done, failed, cancelled, dropped, retried };
}

/** All that came, less what is somewhere else. */
function waitingOf({ arrived, inFlight, done, failed, cancelled, dropped }: Counts): number {
  return arrived - inFlight - done - failed - cancelled - dropped;
}

export interface CallAccountOptions {
  /** The counts of the pool: what is counted here is counted there. */
  readonly totals: Counts;
  /** How it began, for who asks. */
  readonly opened?: (() => Pick<CallMessage, 'name' | 'concurrency'>) | undefined;
  /** Told whenever one of the counts has gone up by so many, or down. */
  readonly onChange?: ((call: CallAccount, name: keyof Counts, count: number) => void) | undefined;
  readonly onClosed?: ((call: CallAccount, how: CallEnd) => void) | undefined;
}

/** How a call ended. */
export type CallEnd = 'completed' | 'failed' | 'cancelled';

/** Who wants to know how far the call has come. */
export interface Follower {
  /** @param isComplete whether all elements of its input have come */
  changed(counts: Readonly<Counts>, isComplete: boolean): void;
  ended(how: CallEnd): void;
}

export class CallAccount {
  readonly id: number;
  readonly counts = noCounts();
  /** What tools that trace the program know it by. */
  readonly message: () => CallMessage;
  /** Those that it is in. */
  recordings: readonly TraceRecording[] = [];
  follower: Follower | undefined;
  readonly #options: CallAccountOptions;
  readonly #arrivals = new ArrivalTimes();
  #isOver = false;
  #isComplete = false;

  constructor(id = 0, options: CallAccountOptions = { totals: noCounts() }) {
    this.id = id;
    this.#options = options;
    let message: CallMessage | undefined;
    this.message = () => (message ??= { id, name: '', concurrency: 1, ...options.opened?.() });
  }

  /** @param end so many have come by now */
  arrive(end: number): void {
    this.#arrivals.note(end, performance.now());
    this.#add('arrived', end - this.counts.arrived);
  }

  /** All elements of the input have come. */
  complete(): void {
    this.#isComplete = true;
    this.follower?.changed(this.counts, true);
  }

  /** When these elements came: the mean. */
  arrivalOf(ranges: readonly Range[]): Millis {
    return this.#arrivals.meanOf(ranges);
  }

  handOut(count: number): void {
    this.#add('inFlight', count);
  }

  /** They wait again. */
  giveBack(count: number): void {
    this.#add('inFlight', -count);
  }

  /** These have ended for good. */
  end(done: number, failed: number): void {
    this.#add('inFlight', -done - failed);
    this.#add('done', done);
    this.#add('failed', failed);
  }

  /** They have failed, and wait for another try. */
  retry(count: number): void {
    this.#add('inFlight', -count);
    this.#add('retried', count);
  }

  drop(count: number): void {
    this.#add('dropped', count);
  }

  /** Nothing more comes of the call. @param arrived how many had come */
  close(arrived: number, how: CallEnd): void {
    if (this.#isOver) return;
    const { counts } = this;
    this.#add('arrived', arrived - counts.arrived);
    this.#add('cancelled', waitingOf(counts) + counts.inFlight);
    this.#add('inFlight', -counts.inFlight);
    this.#isOver = true;
    this.#options.onClosed?.(this, how);
    // Else it was told before, since it might have failed the call.
    if (how !== 'completed') this.follower?.ended(how);
  }

  #add(name: keyof Counts, count: number): void {
    if (this.#isOver || count === 0) return;
    this.counts[name] += count;
    this.#options.totals[name] += count;
    this.#options.onChange?.(this, name, count);
    if (FOLLOWED.has(name)) this.follower?.changed(this.counts, this.#isComplete);
  }
}
