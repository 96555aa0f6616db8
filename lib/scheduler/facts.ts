/** The language of the scheduler: what it is told, and what it answers. Plain data, to be recorded and replayed. */

export type LaneId = number;
export type SlotId = number;
export type BatchId = number;

/** What happened, in the past tense. */
export type Fact =
  /** A call began; at most `limit` slots may serve it at once. */
  | { readonly type: 'laneOpened'; readonly lane: LaneId; readonly limit: number }
  /** The next `count` elements of the call's input are there. */
  | { readonly type: 'elementsArrived'; readonly lane: LaneId; readonly count: number }
  /** The call's input is complete. */
  | { readonly type: 'laneEnded'; readonly lane: LaneId }
  /** Nobody wants the call's results any more. */
  | { readonly type: 'laneCancelled'; readonly lane: LaneId }
  /** A slot that was asked for is ready. */
  | { readonly type: 'slotOpened'; readonly slot: SlotId }
  /** A slot that was asked for could not be had. */
  | { readonly type: 'slotFailed'; readonly slot: SlotId }
  /** A slot is gone. Its batches return afterwards, each with a `batchReturned`. */
  | { readonly type: 'slotLost'; readonly slot: SlotId }
  /** A batch is over: `settled` of its elements ended, the `unstarted` ones were given back. */
  | {
      readonly type: 'batchReturned';
      readonly batch: BatchId;
      readonly settled: number;
      readonly unstarted: readonly number[];
    }
  /** A batch was aborted a while ago, and its slot had its time to bring it to an end. */
  | { readonly type: 'graceExpired'; readonly batch: BatchId }
  /** As much time went by as a slot may idle before it is closed. */
  | { readonly type: 'idlePeriodPassed' };

/** What is to be done, in the imperative. Commands are carried out in their order. */
export type Command =
  | { readonly type: 'openSlot'; readonly slot: SlotId }
  | { readonly type: 'closeSlot'; readonly slot: SlotId }
  | {
      readonly type: 'startBatch';
      readonly batch: BatchId;
      readonly slot: SlotId;
      readonly lane: LaneId;
      /** Places of the elements in the lane's input. */
      readonly indices: readonly number[];
    }
  /** Stop a batch whose results nobody wants. Its slot stays busy until the batch returns. */
  | { readonly type: 'abortBatch'; readonly batch: BatchId; readonly slot: SlotId }
  /** Every element has ended and no more will come. */
  | { readonly type: 'closeLane'; readonly lane: LaneId }
  /** An element is given up: the slots that were to run it were lost before it started. */
  | { readonly type: 'failElement'; readonly lane: LaneId; readonly index: number }
  /** No slot can be had for what waits in this lane. */
  | { readonly type: 'failLane'; readonly lane: LaneId };
