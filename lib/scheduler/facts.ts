/** The language of the scheduler: what it is told, and what it answers. Plain data, to be recorded and replayed. */

export type LaneId = number;
export type SlotId = number;
export type BatchId = number;
/** A span of time, in milliseconds. */
export type Millis = number;

/** Elements that are next to each other in a lane's input: from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** How many elements may wait for a slot, and which go where there are more. */
export interface Buffer {
  readonly size: number;
  readonly overflow: 'error' | 'drop-oldest' | 'drop-newest';
}

/** What happened, in the past tense. */
export type Fact =
  /** A call began. */
  | {
      readonly type: 'laneOpened';
      readonly lane: LaneId;
      /** Slots that may serve it at once. */
      readonly limit: number;
      /**
       * Its elements that a slot may run at once, beside each other. Where it is more than one, each is a batch, and
       * waits for no other on its slot. Default: 1.
       */
      readonly perSlot?: number | undefined;
      /** Elements of each batch, where the call says so; else the scheduler decides. */
      readonly batchSize?: number | undefined;
      /** Whether an element can only run on the slot that it was first sent to. */
      readonly pinned?: boolean | undefined;
      /** Whether each of its elements goes to a slot on its own: one that loses its slot takes no other along. */
      readonly alone?: boolean | undefined;
      /** Whether its elements come with costs. */
      readonly byCost?: boolean | undefined;
      /** Whether its elements come with keys. */
      readonly byKey?: boolean | undefined;
      /** Whether a batch has one element of a key at most, since it may be tried again before the next. */
      readonly onePerKey?: boolean | undefined;
      /** What an element took when the same function was last used, where that is known. */
      readonly pace?: Millis | undefined;
      /** The first element that may not run until `windowMoved`. Default: all may. */
      readonly windowEnd?: number | undefined;
      /** Elements that may wait when one more comes, and what is done about more. Default: any number. */
      readonly buffer?: Buffer | undefined;
      /** Whether it is to be told what an element takes, whenever that was measured. */
      readonly wantsPace?: boolean | undefined;
    }
  /**
   * The next `count` elements of the call's input are there; of a lane that is `byCost` with the cost
   * of each, in any unit: the highest run first; of one that is `byKey` with the key of each: those
   * of one key run one at a time, in their order.
   */
  | {
      readonly type: 'elementsArrived';
      readonly lane: LaneId;
      readonly count: number;
      readonly costs?: readonly number[] | undefined;
      readonly keys?: readonly number[] | undefined;
    }
  /**
   * Elements of a batch, which is still there, have ended for good: others of their keys may run. Told of
   * a lane that is `byKey`; of others it makes no difference.
   */
  | {
      readonly type: 'elementsEnded';
      readonly batch: BatchId;
      readonly ranges: readonly Range[];
    }
  /** All elements before this one may run, as far as the window is concerned. */
  | { readonly type: 'windowMoved'; readonly lane: LaneId; readonly end: number }
  /**
   * Elements of a batch that have ended shall run once more, but not yet. They count as settled by the batch,
   * which is still there.
   */
  | {
      readonly type: 'elementsDelayed';
      readonly batch: BatchId;
      readonly ranges: readonly Range[];
    }
  /** Some of them shall run now, before others that wait. */
  | {
      readonly type: 'elementsDue';
      readonly lane: LaneId;
      readonly ranges: readonly Range[];
    }
  /** The call's input is complete. */
  | { readonly type: 'laneEnded'; readonly lane: LaneId }
  /** Nobody wants the call's results any more. */
  | { readonly type: 'laneCancelled'; readonly lane: LaneId }
  /** A slot that was asked for is ready. */
  | { readonly type: 'slotOpened'; readonly slot: SlotId }
  /** A slot that was asked for could not be had. */
  | {
      readonly type: 'slotFailed';
      readonly slot: SlotId;
      /** Whether another try would only fail again. */
      readonly isLasting?: boolean | undefined;
    }
  /** A slot is gone. Its batches return afterwards, each with a `batchReturned`. */
  | { readonly type: 'slotLost'; readonly slot: SlotId }
  /** A slot is going to be lost once what runs on it has ended, or is over time: it is to get nothing more. */
  | { readonly type: 'slotOverdue'; readonly slot: SlotId }
  /** A batch is over: `settled` of its elements ended, the `unstarted` ones were given back. */
  | {
      readonly type: 'batchReturned';
      readonly batch: BatchId;
      readonly settled: number;
      readonly unstarted: readonly Range[];
      /** What the elements cost: the time they ran, or the time to send them if that was more. */
      readonly busy: Millis;
    }
  /** What had not started of a batch was taken back, as commanded. The batch still returns. */
  | {
      readonly type: 'batchReclaimed';
      readonly batch: BatchId;
      readonly unstarted: readonly Range[];
    }
  /** A batch was aborted a while ago, and its slot had its time to bring it to an end. */
  | { readonly type: 'graceExpired'; readonly batch: BatchId }
  /** As much time went by as a slot may idle before it is closed. */
  | { readonly type: 'idlePeriodPassed' }
  /** The time that `wakeMe` asked for went by. */
  | { readonly type: 'wokenUp' }
  /** The time that `pauseOpening` asked for went by. */
  | { readonly type: 'pausePassed' };

/** What is to be done, in the imperative. Commands are carried out in their order. */
export type Command =
  | { readonly type: 'openSlot'; readonly slot: SlotId }
  | {
      readonly type: 'closeSlot';
      readonly slot: SlotId;
      /** It was not used; it ran as many elements as it may; what runs on it does not end. */
      readonly why: 'idle' | 'recycled' | 'overdue';
    }
  | {
      readonly type: 'startBatch';
      readonly batch: BatchId;
      readonly slot: SlotId;
      readonly lane: LaneId;
      /** Places of the elements in the lane's input. */
      readonly ranges: readonly Range[];
    }
  /** Take back what has not started of a batch, and tell with `batchReclaimed`. */
  | { readonly type: 'reclaimBatch'; readonly batch: BatchId; readonly slot: SlotId }
  /** Stop a batch whose results nobody wants. Its slot stays busy until the batch returns. */
  | { readonly type: 'abortBatch'; readonly batch: BatchId; readonly slot: SlotId }
  /** Every element has ended for good, and no more will come. `pace` is what an element took. */
  | { readonly type: 'closeLane'; readonly lane: LaneId; readonly pace: Millis | undefined }
  /** An element is given up: the slots that were to run it were lost before it started. */
  | { readonly type: 'failElement'; readonly lane: LaneId; readonly index: number }
  /** More elements wait than may: these never run. */
  | {
      readonly type: 'dropElements';
      readonly lane: LaneId;
      readonly ranges: readonly Range[];
    }
  /** More elements wait than may, and the call is to end with that. */
  | { readonly type: 'failOverflow'; readonly lane: LaneId }
  /** What an element takes, for a lane that wants to know. */
  | { readonly type: 'tellPace'; readonly lane: LaneId; readonly pace: Millis }
  /** No slot can be had for what waits in this lane. */
  | { readonly type: 'failLane'; readonly lane: LaneId }
  /** Tell `wokenUp` after this time. */
  | { readonly type: 'wakeMe'; readonly after: Millis }
  /** No slot is opened for this time, since some came to nothing. Tell `pausePassed` then. */
  | { readonly type: 'pauseOpening'; readonly after: Millis };

/** What a lane waits for. */
export interface LaneView {
  /** Elements that could run, were there a slot for them. */
  readonly waiting: number;
  /** Elements that wait for others of their key, behind them in their batch or here. */
  readonly locked: number;
  /** Elements beyond the window. */
  readonly held: number;
  /** Elements that have failed, and wait for their next try. */
  readonly delayed: number;
  /** Whether one more slot might serve it. */
  readonly hasRoom: boolean;
}
