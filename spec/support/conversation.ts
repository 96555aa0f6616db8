/** Talks with a scheduler in short: facts in, commands as text. */
import type {
  BatchId,
  Buffer,
  Command,
  Fact,
  LaneId,
  Millis,
  Range,
  SlotId,
} from '../../lib/scheduler/facts.js';
import { countOf } from '../../lib/task/ranges.js';
import { Scheduler, type SchedulerOptions } from '../../lib/scheduler/Scheduler.js';

export type Lane = 'A' | 'B' | 'C';

const idOf = (lane: Lane): LaneId => 'ABC'.indexOf(lane);
const nameOf = (lane: LaneId): string => 'ABC'.charAt(lane);

/** `3` or `3-5`, its last element included. */
const textOf = ({ start, end }: Range): string =>
  end - start === 1 ? `${start}` : `${start}-${end - 1}`;

interface InFlight {
  readonly batch: BatchId;
  readonly slot: SlotId;
  readonly ranges: readonly Range[];
  returned: boolean;
}

export interface Returned {
  readonly settled?: number;
  readonly unstarted?: readonly Range[];
  readonly busy?: Millis;
}

/** A scheduler that is told facts in short, and whose commands are read in short. */
export class Conversation {
  readonly #scheduler: Scheduler;
  readonly #started: InFlight[] = [];

  constructor(size = Infinity, options: Partial<SchedulerOptions> = {}) {
    this.#scheduler = new Scheduler({ size, overhead: 0, canReclaim: true, ...options });
  }

  tell(fact: Fact): string[] {
    return this.#scheduler.handle(fact).map((command) => this.#read(command));
  }

  laneOpened(
    lane: Lane,
    limit: number,
    options: {
      perSlot?: number;
      batchSize?: number;
      pinned?: boolean;
      alone?: boolean;
      byCost?: boolean;
      pace?: Millis;
      windowEnd?: number;
      buffer?: Buffer;
      wantsPace?: boolean;
    } = {},
  ): string[] {
    return this.tell({ type: 'laneOpened', lane: idOf(lane), limit, ...options });
  }
  arrived(lane: Lane, count: number, costs?: readonly number[]): string[] {
    return this.tell({ type: 'elementsArrived', lane: idOf(lane), count, costs });
  }
  /** Of the slot's batch, these are to run once more, but not yet. */
  delayed(slot: SlotId, ...ranges: Range[]): string[] {
    return this.tell({ type: 'elementsDelayed', batch: this.#runsOn(slot).batch, ranges });
  }
  due(lane: Lane, ...ranges: Range[]): string[] {
    return this.tell({ type: 'elementsDue', lane: idOf(lane), ranges });
  }
  windowMoved(lane: Lane, end: number): string[] {
    return this.tell({ type: 'windowMoved', lane: idOf(lane), end });
  }
  laneEnded(lane: Lane): string[] {
    return this.tell({ type: 'laneEnded', lane: idOf(lane) });
  }
  laneCancelled(lane: Lane): string[] {
    return this.tell({ type: 'laneCancelled', lane: idOf(lane) });
  }
  slotOpened(slot: SlotId): string[] {
    return this.tell({ type: 'slotOpened', slot });
  }
  slotFailed(slot: SlotId): string[] {
    return this.tell({ type: 'slotFailed', slot });
  }
  slotLost(slot: SlotId): string[] {
    return this.tell({ type: 'slotLost', slot });
  }
  graceExpired(slot: SlotId): string[] {
    return this.tell({ type: 'graceExpired', batch: this.#runsOn(slot).batch });
  }
  idlePeriodPassed(): string[] {
    return this.tell({ type: 'idlePeriodPassed' });
  }
  pausePassed(): string[] {
    return this.tell({ type: 'pausePassed' });
  }
  wokenUp(): string[] {
    return this.tell({ type: 'wokenUp' });
  }

  /** The slot's batch returns with its elements ended, after a millisecond each unless told. */
  settled(slot: SlotId, busy?: Millis): string[] {
    const settled = countOf(this.#runsOn(slot).ranges);
    return this.returned(slot, { settled, busy: busy ?? settled });
  }

  /** The slot's batch returns with its elements unstarted. */
  gaveBack(slot: SlotId): string[] {
    return this.returned(slot, { unstarted: this.#runsOn(slot).ranges });
  }

  returned(slot: SlotId, { settled = 0, unstarted = [], busy = 0 }: Returned): string[] {
    const running = this.#runsOn(slot);
    running.returned = true;
    const { batch } = running;
    return this.tell({ type: 'batchReturned', batch, settled, unstarted, busy });
  }

  /** Of the slot's batch that was started last, these are given up as commanded. */
  reclaimed(slot: SlotId, ...unstarted: Range[]): string[] {
    const { batch } = this.#started.findLast((one) => one.slot === slot && !one.returned)!;
    return this.tell({ type: 'batchReclaimed', batch, unstarted });
  }

  /** The oldest of the slot's batches that has not returned; else the last that has. */
  #runsOn(slot: SlotId): InFlight {
    const all = this.#started.filter((one) => one.slot === slot);
    const running = all.find(({ returned }) => !returned) ?? all.at(-1);
    if (!running) throw new Error(`Nothing was started on slot ${slot}`);
    return running;
  }

  #read(command: Command): string {
    switch (command.type) {
      case 'openSlot':
        return `open slot ${command.slot}`;
      case 'closeSlot':
        return `close slot ${command.slot}`;
      case 'startBatch':
        this.#started.push({ ...command, returned: false });
        return `slot ${command.slot} runs ${nameOf(command.lane)}${command.ranges.map(textOf).join()}`;
      case 'reclaimBatch': {
        const { ranges } = this.#started.find(({ batch }) => batch === command.batch)!;
        return `reclaim ${ranges.map(textOf).join()} of slot ${command.slot}`;
      }
      case 'abortBatch':
        return `abort slot ${command.slot}`;
      case 'closeLane':
        return `close ${nameOf(command.lane)}`;
      case 'failElement':
        return `fail ${nameOf(command.lane)}${command.index}`;
      case 'failLane':
        return `fail ${nameOf(command.lane)}`;
      case 'dropElements':
        return `drop ${nameOf(command.lane)}${command.ranges.map(textOf).join()}`;
      case 'failOverflow':
        return `fail ${nameOf(command.lane)} for overflow`;
      case 'tellPace':
        return `pace of ${nameOf(command.lane)}: ${command.pace}`;
      case 'wakeMe':
        return `wake me after ${command.after}`;
      case 'pauseOpening':
        return `open none for ${command.after}`;
    }
  }
}
