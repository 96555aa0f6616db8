/** What the main thread and a worker say to each other over their MessagePort. */
import type { MessagePort } from 'node:worker_threads';
import type { Values } from '../task/packing.js';
import type { Range } from '../task/ranges.js';
import type { TaskSource } from '../task/task.js';
import type { ThrownWire } from '../task/thrown.js';

/** Told to a worker with its port: a worker file of the user's has `workerData` of its own. */
export interface WorkerStart {
  readonly workerId: number;
  /** Shared counters: see claims.ts. */
  readonly claims: Int32Array;
  /** Which elements run, and since when: see elementClock.ts. */
  readonly clock: Int32Array;
  /** What functions get as `context.shared` where their call has none of its own. */
  readonly shared?: unknown;
}

/** What a worker gets at the hand-shake. */
export interface Connection extends WorkerStart {
  readonly port: MessagePort;
  /** To be run before the worker is of use. */
  readonly initializer?: TaskSource | undefined;
}

/** What it answers, once it can run batches. */
export interface Connected {
  /** The names that it exposes, if it is a worker file. */
  readonly exposed: readonly string[] | undefined;
  /** Why the initializer failed. */
  readonly failure: CallFailureWire | undefined;
}

/** The `code` of the error with which a worker ends that could not read a batch. */
export const UNREADABLE = 'ERR_UNREADABLE_BATCH';

/** A message while it is put together: each name in it takes time to be written and read. */
export type Draft<Message> = { -readonly [Name in keyof Message]: Message[Name] };

/** Runs a batch. */
export interface RunMessage {
  readonly type: 'run';
  readonly batch: number;
  /** Which of the counters is the batch's. */
  readonly cell: number;
  readonly task: number;
  /** Comes with the first batch of a task; the worker keeps it. */
  readonly source?: TaskSource;
  readonly ranges: readonly Range[];
  readonly values: Values;
  readonly settled: boolean;
  readonly reportAfter: number;
  /** Whether it is to be seen which element runs, and since when. */
  readonly isTimed?: true;
  /** Whether it is wanted of each element when it started, and for how long it ran. */
  readonly wantsTimes?: true;
  /** Whether it runs beside those of its call that run already. */
  readonly isBeside?: true;
  /** Which shared value goes with it; the value itself the first time. */
  readonly shared?: { readonly id: number; readonly value?: unknown };
}

export type MainMessage =
  | RunMessage
  | { readonly type: 'abort'; readonly batch: number }
  /** An element is over time. */
  | { readonly type: 'expire'; readonly batch: number; readonly position: number }
  /** Something that was posted could not be read, perhaps of this batch: did it return? */
  | { readonly type: 'unread'; readonly batch: number }
  /** A shared value is not needed any more. */
  | { readonly type: 'forget'; readonly shared: number };

/** Elements of a batch ended. */
export interface WorkerMessage {
  readonly batch: number;
  /** Position of the first of them; they are next to each other. */
  readonly from: number;
  /** A result each; undefined where there is a failure. */
  readonly values: Values;
  readonly failures?: readonly PositionedFailure[];
  /** Milliseconds each took, where that was asked for. */
  readonly durations?: readonly number[];
  /** When each started, by the clock that threads share, where that was asked for. */
  readonly starts?: readonly number[];
  /** How long the batch took altogether, in milliseconds, once it is over. */
  readonly busy?: number;
}

export interface PositionedFailure {
  readonly position: number;
  readonly failure: FailureWire;
}

export type FailureWire =
  | CallFailureWire
  /** The result cannot be cloned; `reason` names the place in it. */
  | { readonly kind: 'uncloneable'; readonly reason: string };

/** Why a function has no result. */
export type CallFailureWire =
  | { readonly kind: 'thrown'; readonly thrown: ThrownWire }
  /** It could not be had in the worker. */
  | { readonly kind: 'load'; readonly message: string; readonly cause?: ThrownWire };
