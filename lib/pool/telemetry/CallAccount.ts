/** Keeps account of the elements of one call: how many came, and what became of them. */
import type { Millis } from '../../executors/Executor.js';
import type { PreparedTask } from '../../task/prepareTask.js';
import type { Range } from '../../task/ranges.js';
import { ArrivalTimes } from './ArrivalTimes.js';
import type { CallMessage } from './diagnostics.js';
import type { ElementStats } from './PoolStats.js';
import type { TraceRecording } from './TraceRecording.js';

/** Counts of elements. */
export interface Counts {
  arrived: number;
  inFlight: number;
  done: number;
  failed: number;
  cancelled: number;
  dropped: number;
  retried: number;
}

/** What counts for how far a call has come. */
const FOLLOWED = new Set<string>(['done', 'failed', 'dropped']);

export function noCounts(): Counts {
  return { arrived: 0, inFlight: 0, done: 0, failed: 0, cancelled: 0, dropped: 0, retried: 0 };
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

/** Where a call is accounted for: its pool. Methods rather than functions made for each call, since that takes time. */
export interface AccountHome {
  /** What is counted of a call is counted here. */
  readonly totals: Counts;
  /** One of the counts has gone up by so many, or down. */
  changed(call: CallAccount, name: keyof Counts, count: number): void;
  closed(call: CallAccount, how: CallEnd): void;
}

/** How a call began. */
export interface OpenedCall {
  readonly ordered: boolean;
  readonly task: PreparedTask;
  readonly concurrency: number;
  /** Elements that run beside each other in a worker. */
  readonly perWorker: number;
}

/** How a call ended. `cancelled`: whoever made it wants no more, and said so by unsubscribing, leaving its loop, or its signal. */
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
  readonly opened: OpenedCall | undefined;
  /** Those that it is in. */
  recordings: readonly TraceRecording[] = [];
  follower: Follower | undefined;
  readonly #home: AccountHome | undefined;
  #message: CallMessage | undefined;
  readonly #arrivals = new ArrivalTimes();
  #isOver = false;
  #isComplete = false;
  /** Its source ended with an error, which is the call's when all that came before has ended. */
  #hasFailed = false;

  constructor(id = 0, opened?: OpenedCall, home?: AccountHome) {
    this.id = id;
    this.opened = opened;
    this.#home = home;
  }

  /** What tools that trace the program know it by: always the same. */
  get message(): CallMessage {
    const concurrency = this.opened?.concurrency ?? 1;
    return (this.#message ??= { id: this.id, name: this.name, concurrency });
  }

  /** That of its function; '' if it has none. */
  get name(): string {
    const { source, fn } = this.opened?.task ?? {};
    const name: unknown = source && source.kind !== 'inline' ? source.name : fn?.name;
    return typeof name === 'string' ? name : '';
  }

  /** Whether nothing more comes of it: what still runs is of no use to anybody. */
  get isOver(): boolean {
    return this.#isOver;
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

  /** All that was to come has, and then an error. */
  inputFailed(): void {
    this.#hasFailed = true;
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
  close(arrived: number, as: CallEnd): void {
    if (this.#isOver) return;
    const how = as === 'completed' && this.#hasFailed ? 'failed' : as;
    const { counts } = this;
    this.#add('arrived', arrived - counts.arrived);
    this.#add('cancelled', waitingOf(counts) + counts.inFlight);
    this.#add('inFlight', -counts.inFlight);
    this.#isOver = true;
    this.#home?.closed(this, how);
    // Else it was told before, since it might have failed the call.
    if (how !== 'completed') this.follower?.ended(how);
  }

  #add(name: keyof Counts, count: number): void {
    if (this.#isOver || count === 0) return;
    this.counts[name] += count;
    const home = this.#home;
    if (home) {
      home.totals[name] += count;
      home.changed(this, name, count);
    }
    if (this.follower && FOLLOWED.has(name)) this.follower.changed(this.counts, this.#isComplete);
  }
}
