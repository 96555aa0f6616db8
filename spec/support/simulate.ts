/**
 * Runs the real scheduler in virtual time. A world is data, so that it can be made up by fast-check
 * and played again; what the scheduler does in it is for the specs to judge.
 */
import type { BatchId, Command, Fact, LaneId, SlotId } from '../../lib/scheduler/facts.js';
import { Scheduler } from '../../lib/scheduler/Scheduler.js';
import type { Span } from '../../lib/trace/timelineText.js';

export interface World {
  /** Slots at most. */
  readonly size: number;
  /** A lane's id is its place here. */
  readonly lanes: readonly LanePlan[];
  /** What becomes of each slot, in the order in which they are asked for; further ones open at once. */
  readonly slots?: readonly SlotPlan[];
  readonly idlePeriodsPassAt?: readonly number[];
  /** From the abort of a batch until its grace expires; never if there is none. */
  readonly abortGrace?: number;
}

export interface LanePlan {
  readonly limit: number;
  readonly opensAt?: number;
  /** Elements by how long each of them takes. They come together, `after` those before them. */
  readonly arrivals: readonly { readonly after: number; readonly durations: readonly number[] }[];
  /** From the last arrival to the end of the input. */
  readonly endsAfter?: number;
  /** From its opening; without effect on a lane that is closed by then. */
  readonly cancelledAfter?: number;
}

export type SlotPlan =
  | { readonly type: 'opens'; readonly after: number }
  | { readonly type: 'fails'; readonly after: number }
  | {
      readonly type: 'isLost';
      readonly after: number;
      /** From its opening to its loss, be it busy or idle then. */
      readonly openFor: number;
      /** What the running element comes to: it ends there and then, or it had not been started. */
      readonly running: 'settles' | 'isUnstarted';
      /** From the loss until the batch returns. */
      readonly returnsAfter: number;
    };

/** When an element ran. `worker` is its slot. */
export interface LaneSpan extends Span {
  readonly lane: LaneId;
}

/** A fact, what the scheduler made of it, and the elements that the fact says have ended. */
export interface Step {
  readonly at: number;
  readonly fact: Fact;
  readonly commands: readonly Command[];
  readonly spans: readonly LaneSpan[];
}

export function simulate(world: World): { spans: LaneSpan[]; log: Step[] } {
  const log = [...play(world)];
  return { spans: log.flatMap((step) => step.spans), log };
}

/** The steps one by one, for worlds that are too large to be kept. Ends when nothing more happens. */
export function* play(world: World): Generator<Step, void, undefined> {
  const scheduler = new Scheduler({ size: world.size });
  const reality = new Reality(world);
  for (let event; (event = reality.next());) {
    const { at, fact, spans } = event;
    const commands = scheduler.handle(fact);
    for (const command of commands) reality.obey(command);
    yield { at, fact, commands, spans };
  }
}

/** What happens at a moment; undefined if by then it cannot happen any more. */
type Happening = () => { readonly fact: Fact; readonly spans?: readonly LaneSpan[] } | undefined;

/** A batch in flight: when its elements run, and which will not have been started when it returns. */
interface Run {
  readonly spans: readonly LaneSpan[];
  readonly unstarted: readonly number[];
}

class Reality {
  readonly #world: World;
  readonly #durations: readonly (readonly number[])[];
  readonly #agenda = new Agenda<Happening>();
  #now = 0;
  readonly #closedLanes = new Set<LaneId>();
  #slotsAskedFor = 0;
  /** Slots that are open, with the batch that each holds. */
  readonly #slots = new Map<SlotId, BatchId | undefined>();
  readonly #runs = new Map<BatchId, Run>();

  constructor(world: World) {
    this.#world = world;
    this.#durations = world.lanes.map(({ arrivals }) => arrivals.flatMap((a) => a.durations));
    for (const [lane, plan] of world.lanes.entries()) this.#announce(lane, plan);
    for (const at of world.idlePeriodsPassAt ?? []) {
      this.#agenda.add(at, () => ({ fact: { type: 'idlePeriodPassed' } }));
    }
  }

  next(): Pick<Step, 'at' | 'fact' | 'spans'> | undefined {
    for (let entry; (entry = this.#agenda.next());) {
      this.#now = entry.at;
      const happened = entry.value();
      if (happened) return { at: this.#now, spans: [], ...happened };
    }
    return undefined;
  }

  obey(command: Command): void {
    switch (command.type) {
      case 'openSlot':
        return this.#openSlot(command.slot);
      case 'closeSlot':
        return this.#endSlot(command.slot, 'settles', 0);
      case 'startBatch':
        return this.#startBatch(command);
      case 'abortBatch':
        return this.#abortBatch(command.batch, command.slot);
      case 'closeLane':
        this.#closedLanes.add(command.lane);
        return;
      case 'failElement':
        return;
      case 'failLane':
        // Whoever gives the input may go on for a while; the lane takes it until it closes.
        return;
    }
  }

  #announce(lane: LaneId, plan: LanePlan): void {
    const { limit, opensAt = 0, arrivals, endsAfter = 0, cancelledAfter } = plan;
    const tell = (at: number, fact: Fact): void => {
      this.#agenda.add(at, () => (this.#closedLanes.has(lane) ? undefined : { fact }));
    };
    let at = opensAt;
    tell(at, { type: 'laneOpened', lane, limit });
    for (const { after, durations } of arrivals) {
      tell((at += after), { type: 'elementsArrived', lane, count: durations.length });
    }
    tell(at + endsAfter, { type: 'laneEnded', lane });
    if (cancelledAfter === undefined) return;
    tell(opensAt + cancelledAfter, { type: 'laneCancelled', lane });
  }

  #openSlot(slot: SlotId): void {
    const plan = this.#world.slots?.[this.#slotsAskedFor++] ?? { type: 'opens', after: 0 };
    const at = this.#now + plan.after;
    if (plan.type === 'fails') {
      this.#agenda.add(at, () => ({ fact: { type: 'slotFailed', slot } }));
      return;
    }
    this.#agenda.add(at, () => {
      this.#slots.set(slot, undefined);
      return { fact: { type: 'slotOpened', slot } };
    });
    if (plan.type === 'opens') return;
    this.#agenda.add(at + plan.openFor, () => {
      if (!this.#slots.has(slot)) return undefined;
      this.#endSlot(slot, plan.running, plan.returnsAfter);
      return { fact: { type: 'slotLost', slot } };
    });
  }

  #startBatch({ batch, slot, lane, indices }: Command & { type: 'startBatch' }): void {
    const spans: LaneSpan[] = [];
    let start = this.#now;
    for (const index of indices) {
      const end = start + (this.#durations[lane]?.[index] ?? 0);
      spans.push({ lane, worker: slot, index, start, end });
      start = end;
    }
    this.#slots.set(slot, batch);
    this.#returnBatch(batch, slot, { spans, unstarted: [] }, start);
  }

  /** The batch returns after the element that it is running, if its slot is still there. */
  #abortBatch(batch: BatchId, slot: SlotId): void {
    const { abortGrace } = this.#world;
    if (abortGrace !== undefined) {
      this.#agenda.add(this.#now + abortGrace, () =>
        this.#runs.has(batch) ? { fact: { type: 'graceExpired', batch } } : undefined,
      );
    }
    const run = this.#runs.get(batch);
    if (!run || this.#slots.get(slot) !== batch) return;
    const started = run.spans.filter(({ start }) => start <= this.#now);
    this.#returnBatch(batch, slot, cut(run, started), started.at(-1)?.end ?? this.#now);
  }

  #endSlot(slot: SlotId, running: 'settles' | 'isUnstarted', returnsAfter: number): void {
    const batch = this.#slots.get(slot);
    this.#slots.delete(slot);
    const run = batch === undefined ? undefined : this.#runs.get(batch);
    if (batch === undefined || !run) return;
    const end = this.#now;
    const ended = run.spans.filter((span) => span.end <= end);
    const next = run.spans[ended.length];
    if (next && running === 'settles') ended.push({ ...next, end });
    this.#returnBatch(batch, slot, cut(run, ended), end + returnsAfter);
  }

  /** Takes the place of what was to become of the batch until now. */
  #returnBatch(batch: BatchId, slot: SlotId, run: Run, at: number): void {
    this.#runs.set(batch, run);
    this.#agenda.add(at, () => {
      if (this.#runs.get(batch) !== run) return undefined;
      this.#runs.delete(batch);
      if (this.#slots.has(slot)) this.#slots.set(slot, undefined);
      const { spans, unstarted } = run;
      return { fact: { type: 'batchReturned', batch, settled: spans.length, unstarted }, spans };
    });
  }
}

/** The run as it is if only `spans`, its first ones, come about. */
function cut(run: Run, spans: readonly LaneSpan[]): Run {
  const others = run.spans.slice(spans.length).map(({ index }) => index);
  return { spans, unstarted: [...others, ...run.unstarted] };
}

interface Entry<T> {
  readonly at: number;
  /** Its place among those that were added. */
  readonly order: number;
  readonly value: T;
}

/**
 * What is to happen, by time; what is to happen at the same time, in the order in which it was
 * added. A binary heap: the parent of entry i is entry (i - 1) >> 1.
 */
class Agenda<T> {
  readonly #heap: Entry<T>[] = [];
  #added = 0;

  add(at: number, value: T): void {
    const entry = { at, order: this.#added++, value };
    const heap = this.#heap;
    let i = heap.length;
    for (let parent; i > 0 && isBefore(entry, heap[(parent = (i - 1) >> 1)]!); i = parent) {
      heap[i] = heap[parent]!;
    }
    heap[i] = entry;
  }

  next(): Entry<T> | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || !last) return first;
    let i = 0;
    for (let child; (child = 2 * i + 1) < heap.length; i = child) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[i] = heap[child]!;
    }
    heap[i] = last;
    return first;
  }
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
