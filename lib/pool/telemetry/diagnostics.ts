/** Publishes calls and elements on channels of node:diagnostics_channel, for tools that trace a program. */
import { channel } from 'node:diagnostics_channel';
import type { ParallelError } from '../../errors.js';
import { elementStats, type CallAccount, type CallEnd } from './CallAccount.js';
import type { ElementStats } from './PoolStats.js';
import type { Try } from './TriesOfBatch.js';

/** A call, as the channels `rxjs-parallel-map:call:start` and `...:call:end` have it: the same object on all channels. */
export interface CallMessage {
  /** Its number in its pool. */
  readonly id: number;
  /** The function's name; '' if it has none. */
  readonly name: string;
  readonly concurrency: number;
  /** How it ended, and with what of its elements: once it has. */
  end?: { readonly how: CallEnd; readonly elements: ElementStats };
}

/**
 * One try of an element, as the channels `rxjs-parallel-map:element:start`, `...:element:end` and `...:element:error`
 * have it: the same object on all three, one after the other, once it has ended.
 */
export interface ElementMessage {
  readonly call: CallMessage;
  /** Place in the call's input, from 0. */
  readonly index: number;
  /** Which try it was, from 1. */
  readonly attempt: number;
  readonly worker: number;
  /** When it started and ended in its worker: milliseconds since 1970, with fractions. */
  readonly startTime: number;
  readonly endTime: number;
  readonly outcome: Try['outcome'];
  /** Why it failed; on `...:element:error` only. */
  readonly error?: ParallelError | undefined;
}

const callStart = channel('rxjs-parallel-map:call:start');
const callEnd = channel('rxjs-parallel-map:call:end');
const elementStart = channel('rxjs-parallel-map:element:start');
const elementEnd = channel('rxjs-parallel-map:element:end');
const elementError = channel('rxjs-parallel-map:element:error');

/** Whether anybody wants to know of elements. */
export function elementsAreHeard(): boolean {
  return elementStart.hasSubscribers || elementEnd.hasSubscribers || elementError.hasSubscribers;
}

/** Where the call was made, so that its asynchronous context is the caller's. */
export function publishCallStart(call: CallAccount): void {
  if (callStart.hasSubscribers) callStart.publish(call.message);
}

export function publishCallEnd(call: CallAccount, how: CallEnd): void {
  if (!callEnd.hasSubscribers) return;
  call.message.end = { how, elements: elementStats(call.counts) };
  callEnd.publish(call.message);
}

export function publishTries(call: CallMessage, tries: readonly Try[]): void {
  for (const { index, attempt, worker, start, end, outcome, reason } of tries) {
    const message: ElementMessage = {
      ...{ call, index, attempt, worker, outcome },
      startTime: performance.timeOrigin + start,
      endTime: performance.timeOrigin + end,
      ...(reason && { error: reason }),
    };
    elementStart.publish(message);
    if (reason) elementError.publish(message);
    elementEnd.publish(message);
  }
}
