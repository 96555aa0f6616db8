/** Hands batches to the executor, follows each until it has returned, and tells what came of it. */
import type { Transferable } from 'node:worker_threads';
import {
  ABORT_GRACE,
  type BatchObserver,
  type Executor,
  type Millis,
  type Settled,
} from '../executors/Executor.js';
import type { BatchId, Command, Fact, SlotId } from '../scheduler/facts.js';
import { Registry } from '../scheduler/Registry.js';
import { countOf, sliceOf } from '../task/ranges.js';
import { BatchProgress } from './BatchProgress.js';
import type { Entry } from './Inbox.js';
import type { Lane } from './Lane.js';
import type { OpenSlots } from './OpenSlots.js';
import type { Again, Sifted } from './Retries.js';
import type { BatchAccount } from './telemetry/BatchAccount.js';
import type { Telemetry } from './telemetry/Telemetry.js';

interface InFlight {
  readonly progress: BatchProgress;
  readonly account: BatchAccount;
  grace?: NodeJS.Timeout;
}

const NOTHING: readonly Again[] = [];

type StartBatch = Extract<Command, { type: 'startBatch' }>;

export class BatchesInFlight {
  readonly #executor: Executor;
  readonly #slots: OpenSlots;
  readonly #telemetry: Telemetry;
  readonly #tell: (entry: Entry) => void;
  readonly #inFlight = new Registry<InFlight>();

  constructor(
    executor: Executor,
    slots: OpenSlots,
    telemetry: Telemetry,
    tell: (entry: Entry) => void,
  ) {
    this.#executor = executor;
    this.#slots = slots;
    this.#telemetry = telemetry;
    this.#tell = tell;
  }

  start(command: StartBatch, lane: Lane): void {
    const { batch: id, slot, ranges } = command;
    const account = this.#telemetry.batchStarted(command, lane);
    const inFlight: InFlight = { progress: new BatchProgress(ranges), account };
    this.#inFlight.set(id, inFlight);
    const observer = this.#observe(command, lane, inFlight);
    const { task, settled, reportAfter, shared, timeout, isBeside } = lane;
    const { wantsTimes } = account;
    const values = lane.isOpen ? lane.elementsIn(ranges) : [];
    let transfer: readonly Transferable[] = [];
    try {
      transfer = lane.transferOf(values);
    } catch (error) {
      lane.fail(error);
    }
    // Ended a moment ago, perhaps by the user's function just called: nothing of it may start any more.
    if (!lane.isOpen || !this.#slots.canRun(slot)) return observer.returned([], 0);
    this.#executor.run(
      slot,
      {
        id,
        task,
        ranges,
        values,
        settled,
        reportAfter,
        transfer,
        timeout,
        isBeside,
        shared,
        wantsTimes,
      },
      observer,
    );
  }

  /** What was taken back, as a fact: it goes to other slots before anything else. */
  reclaim(batch: BatchId, slot: SlotId): Fact {
    const inFlight = this.#inFlight.get(batch);
    const position = inFlight && this.#executor.reclaim?.(slot, batch);
    const unstarted = position === undefined ? [] : inFlight!.progress.takeBackFrom(position);
    inFlight?.account.takeBack(countOf(unstarted));
    return { type: 'batchReclaimed', batch, unstarted };
  }

  /** A worker that is being cancelled is busy until its batch returns, or until it is replaced. */
  abort(batch: BatchId, slot: SlotId): void {
    const inFlight = this.#inFlight.get(batch);
    if (!inFlight) return;
    // Before the abort, since the batch may return from within it.
    inFlight.grace = setTimeout(() => {
      this.#tell({ fact: { type: 'graceExpired', batch } });
    }, ABORT_GRACE);
    this.#executor.abort(slot, batch);
  }

  /** The slots are about to be closed: nothing is to come of graces any more. */
  stopTimers(): void {
    for (const { grace } of this.#inFlight) clearTimeout(grace);
  }

  #observe(command: StartBatch, lane: Lane, inFlight: InFlight): BatchObserver {
    const { batch, slot, ranges } = command;
    const { progress, account } = inFlight;
    const handedOver = performance.now();
    return {
      settled: (settled) => {
        progress.note(settled);
        account.settled(settled);
        const { ended, again } = this.#sift(command, lane, [settled]);
        const isOfUse = lane.isByKey && lane.survives(ended);
        this.#tell({
          ...(isOfUse && { fact: endedIn(command, ended) }),
          deliver: () => {
            lane.deliver(ranges, ended);
          },
        });
        lane.tryAgain(again);
      },
      overdue: () => {
        this.#tell({ fact: { type: 'slotOverdue', slot } });
      },
      returned: (settled, told) => {
        const ran = timeOf(told);
        for (const some of settled) progress.note(some);
        clearTimeout(inFlight.grace);
        this.#inFlight.delete(batch);
        const unstarted = progress.unstarted();
        account.returned(settled, countOf(unstarted), ran);
        // After that, since the user's functions may end the lane, and there is nothing to abort any more.
        const { ended, again } = this.#sift(command, lane, settled);
        const fact: Fact = {
          type: 'batchReturned',
          batch,
          settled: progress.ended,
          unstarted,
          busy: timeOf(Math.max(ran, this.#slots.timeTaken(slot, handedOver))),
        };
        const deliver = (): void => {
          lane.deliver(ranges, ended);
        };
        if (lane.survives(ended)) {
          this.#tell({ fact, deliver });
        } else {
          // A failure ends the lane: it is delivered first, so that the slot gets nothing more of it.
          this.#tell({ deliver });
          this.#tell({ fact });
        }
        lane.tryAgain(again);
      },
    };
  }

  /** Sets aside what is tried again, before the batch may be over and its lane with it. */
  #sift({ batch, ranges }: StartBatch, lane: Lane, settled: readonly Settled[]): Sifted {
    const sifted = lane.sift(ranges, settled);
    if (!sifted) return { ended: settled, again: NOTHING };
    const delayed = sifted.again.flatMap((some) => some.ranges);
    if (delayed.length > 0) {
      this.#tell({ fact: { type: 'elementsDelayed', batch, ranges: delayed } });
    }
    return sifted;
  }
}

/** In tests above all, clocks are replaced: sizes of batches are worked out from this, and must be numbers. */
function timeOf(measured: Millis): Millis {
  return Number.isFinite(measured) && measured > 0 ? measured : 0;
}

/** What ended for good of a batch that goes on. */
function endedIn({ batch, ranges }: StartBatch, ended: readonly Settled[]): Fact {
  const some = ended.flatMap(({ from, values }) => sliceOf(ranges, from, from + values.length));
  return { type: 'elementsEnded', batch, ranges: some };
}
