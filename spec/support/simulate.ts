/**
 * Runs the real scheduler in virtual time. A world is data, so that it can be made up by fast-check
 * and played again; what the scheduler does in it is for the specs to judge.
 */
import type {
  BatchId,
  Command,
  Fact,
  LaneId,
  Millis,
  Range,
  SlotId,
} from '../../lib/scheduler/facts.js';
import { Heap } from '../../lib/scheduler/Heap.js';
import { Scheduler, type SchedulerOptions } from '../../lib/scheduler/Scheduler.js';
import type { Span } from '../../lib/trace/timelineText.js';

export interface World {
  /** Slots at most. */
  readonly size: number;
  /** What each batch costs its slot before its first element starts. */
  readonly overhead?: Millis;
  readonly canReclaim?: boolean;
  readonly elementsPerSlot?: number;
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
  /** Elements that a slot runs at once. */
  readonly perSlot?: number;
  readonly batchSize?: number;
  readonly pinned?: boolean;
  readonly pace?: Millis;
  /** What is told as costs: the durations, or what misleads. */
  readonly costs?: 'durations' | 'equal' | 'reversed';
  /** How many keys its elements have: none of one key may run beside another. Not together with costs. */
  readonly keys?: number;
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

/** The world as the scheduler is told of it. */
export function optionsIn(world: World): SchedulerOptions {
  const { size, overhead = 0, canReclaim = true, elementsPerSlot } = world;
  return { size, overhead, canReclaim, elementsPerSlot };
}

/** The steps one by one, for worlds that are too large to be kept. Ends when nothing more happens. */
export function* play(
  world: World,
  scheduler: Pick<Scheduler, 'handle'> = new Scheduler(optionsIn(world)),
): Generator<Step, void, undefined> {
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

interface Appointment {
  readonly at: number;
  /** Its place among those that were made: what is to happen at the same time happens in this order. */
  readonly order: number;
  readonly happening: Happening;
}

/** A batch on a slot whose turn has not come. */
interface Queued {
  readonly lane: LaneId;
  readonly indices: readonly number[];
}

/** A batch that has begun, or is over: when its elements run, and which will come back unstarted. */
interface Run {
  readonly spans: readonly LaneSpan[];
  readonly unstarted: readonly number[];
}

class Reality {
  readonly #world: World;
  readonly #overhead: Millis;
  readonly #durations: readonly (readonly number[])[];
  readonly #agenda = new Heap<Appointment>(
    (a, b) => a.at < b.at || (a.at === b.at && a.order < b.order),
  );
  #appointments = 0;
  #now = 0;
  readonly #closedLanes = new Set<LaneId>();
  #slotsAskedFor = 0;
  /** Slots that are open, with the batches that each holds: one that runs, then those behind it. */
  readonly #slots = new Map<SlotId, BatchId[]>();
  readonly #queued = new Map<BatchId, Queued>();
  readonly #runs = new Map<BatchId, Run>();

  constructor(world: World) {
    this.#world = world;
    this.#overhead = world.overhead ?? 0;
    this.#durations = world.lanes.map(({ arrivals }) => arrivals.flatMap((a) => a.durations));
    for (const [lane, plan] of world.lanes.entries()) this.#announce(lane, plan);
    for (const at of world.idlePeriodsPassAt ?? []) {
      this.#plan(at, () => ({ fact: { type: 'idlePeriodPassed' } }));
    }
  }

  next(): Pick<Step, 'at' | 'fact' | 'spans'> | undefined {
    for (let appointment; (appointment = this.#agenda.pop());) {
      this.#now = appointment.at;
      const happened = appointment.happening();
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
        return this.#takeBatch(command);
      case 'reclaimBatch':
        return this.#reclaimBatch(command.batch, command.slot);
      case 'abortBatch':
        return this.#abortBatch(command.batch, command.slot);
      case 'closeLane':
        this.#closedLanes.add(command.lane);
        return;
      case 'wakeMe':
        return this.#plan(this.#now + command.after, () => ({ fact: { type: 'wokenUp' } }));
      case 'pauseOpening':
        return this.#plan(this.#now + command.after, () => ({ fact: { type: 'pausePassed' } }));
      case 'dropElements':
      case 'failOverflow':
      case 'tellPace':
        return;
      case 'failElement':
      case 'failLane':
        // Whoever gives the input may go on for a while; the lane takes it until it closes.
        return;
    }
  }

  #plan(at: number, happening: Happening): void {
    this.#agenda.push({ at, order: this.#appointments++, happening });
  }

  #announce(lane: LaneId, plan: LanePlan): void {
    const { limit, perSlot, batchSize, pinned, pace, costs, keys } = plan;
    const { opensAt = 0, arrivals, endsAfter = 0, cancelledAfter } = plan;
    const tell = (at: number, fact: Fact): void => {
      this.#plan(at, () => (this.#closedLanes.has(lane) ? undefined : { fact }));
    };
    let at = opensAt;
    const byCost = costs !== undefined;
    const byKey = keys !== undefined;
    const options = { limit, perSlot, batchSize, pinned, byCost, byKey, pace };
    tell(at, { type: 'laneOpened', lane, ...options });
    let arrived = 0;
    for (const { after, durations } of arrivals) {
      const count = durations.length;
      const first = arrived;
      arrived += count;
      tell((at += after), {
        type: 'elementsArrived',
        lane,
        count,
        costs: costs && durations.map((duration) => costIn(costs, duration)),
        keys: keys === undefined ? undefined : durations.map((_, nth) => keyOf(first + nth, keys)),
      });
    }
    tell(at + endsAfter, { type: 'laneEnded', lane });
    if (cancelledAfter === undefined) return;
    tell(opensAt + cancelledAfter, { type: 'laneCancelled', lane });
  }

  #openSlot(slot: SlotId): void {
    const plan = this.#world.slots?.[this.#slotsAskedFor++] ?? { type: 'opens', after: 0 };
    const at = this.#now + plan.after;
    if (plan.type === 'fails') {
      this.#plan(at, () => ({ fact: { type: 'slotFailed', slot } }));
      return;
    }
    this.#plan(at, () => {
      this.#slots.set(slot, []);
      return { fact: { type: 'slotOpened', slot } };
    });
    if (plan.type === 'opens') return;
    this.#plan(at + plan.openFor, () => {
      if (!this.#slots.has(slot)) return undefined;
      this.#endSlot(slot, plan.running, plan.returnsAfter);
      return { fact: { type: 'slotLost', slot } };
    });
  }

  #takeBatch({ batch, slot, lane, ranges }: Command & { type: 'startBatch' }): void {
    const batches = this.#slots.get(slot);
    if (!batches) throw new Error(`Slot ${slot} is not open`);
    batches.push(batch);
    this.#queued.set(batch, { lane, indices: ranges.flatMap(indicesIn) });
    const { perSlot = 1 } = this.#world.lanes[lane]!;
    if (batches.length === 1 || perSlot > 1) this.#begin(batch, slot);
  }

  #begin(batch: BatchId, slot: SlotId): void {
    const { lane, indices } = this.#queued.get(batch)!;
    this.#queued.delete(batch);
    let start = this.#now + this.#overhead;
    const spans = indices.map((index): LaneSpan => {
      const span = { lane, worker: slot, index, start, end: start };
      start = span.end += this.#durations[lane]?.[index] ?? 0;
      return span;
    });
    this.#returnBatch(batch, slot, { spans, unstarted: [] }, start);
  }

  /** What has not started is told at once; the batch returns in its turn with what has. */
  #reclaimBatch(batch: BatchId, slot: SlotId): void {
    // Of a slot that is gone the batches return anyway.
    if (!this.#slots.get(slot)?.includes(batch)) return;
    const queued = this.#queued.get(batch);
    const run = this.#runs.get(batch);
    // The first element is claimed when the batch arrives, before it runs.
    const started = run ? run.spans.filter(({ start }, i) => i === 0 || start <= this.#now) : [];
    const indices =
      queued?.indices ?? run?.spans.slice(started.length).map(({ index }) => index) ?? [];
    const unstarted = rangesOf(indices);
    this.#plan(this.#now, () => ({ fact: { type: 'batchReclaimed', batch, unstarted } }));
    if (queued) this.#queued.set(batch, { ...queued, indices: [] });
    if (!run) return;
    const end = started.at(-1)?.end ?? this.#now;
    this.#returnBatch(batch, slot, { ...run, spans: started }, Math.max(end, this.#now));
  }

  /** The batch returns after the element that it is running, if its slot is still there. */
  #abortBatch(batch: BatchId, slot: SlotId): void {
    const { abortGrace } = this.#world;
    if (abortGrace !== undefined) {
      this.#plan(this.#now + abortGrace, () =>
        this.#isHere(batch) ? { fact: { type: 'graceExpired', batch } } : undefined,
      );
    }
    if (!this.#slots.get(slot)?.includes(batch)) return;
    const queued = this.#queued.get(batch);
    if (queued) return this.#returnUnstarted(batch, slot, queued, this.#now);
    const run = this.#runs.get(batch)!;
    const started = run.spans.filter(({ start }) => start <= this.#now);
    this.#returnBatch(batch, slot, cut(run, started), started.at(-1)?.end ?? this.#now);
  }

  #isHere(batch: BatchId): boolean {
    return this.#queued.has(batch) || this.#runs.has(batch);
  }

  #endSlot(slot: SlotId, running: 'settles' | 'isUnstarted', returnsAfter: number): void {
    const batches = this.#slots.get(slot) ?? [];
    this.#slots.delete(slot);
    const end = this.#now;
    for (const batch of batches) {
      const queued = this.#queued.get(batch);
      const run = this.#runs.get(batch);
      if (queued) this.#returnUnstarted(batch, slot, queued, end + returnsAfter);
      if (!run) continue;
      const ended = run.spans.filter((span) => span.end <= end);
      const next = run.spans[ended.length];
      if (next && next.start <= end && running === 'settles') ended.push({ ...next, end });
      this.#returnBatch(batch, slot, cut(run, ended), end + returnsAfter);
    }
  }

  #returnUnstarted(batch: BatchId, slot: SlotId, { indices }: Queued, at: number): void {
    this.#queued.delete(batch);
    this.#returnBatch(batch, slot, { spans: [], unstarted: indices }, at);
  }

  /** Takes the place of what was to become of the batch until now. */
  #returnBatch(batch: BatchId, slot: SlotId, run: Run, at: number): void {
    this.#runs.set(batch, run);
    this.#plan(at, () => {
      if (this.#runs.get(batch) !== run) return undefined;
      this.#runs.delete(batch);
      this.#leave(batch, slot);
      const { spans } = run;
      const unstarted = rangesOf(run.unstarted);
      const busy = spans.reduce((sum, { start, end }) => sum + end - start, 0);
      const settled = spans.length;
      return { fact: { type: 'batchReturned', batch, settled, unstarted, busy }, spans };
    });
  }

  #leave(batch: BatchId, slot: SlotId): void {
    const batches = this.#slots.get(slot);
    if (!batches) return;
    batches.splice(batches.indexOf(batch), 1);
    const [next] = batches;
    if (next !== undefined && this.#queued.has(next)) this.#begin(next, slot);
  }
}

/** The run as it is if only `spans`, its first ones, come about. */
function cut(run: Run, spans: readonly LaneSpan[]): Run {
  const others = run.spans.slice(spans.length).map(({ index }) => index);
  return { spans, unstarted: [...others, ...run.unstarted] };
}

function costIn(costs: NonNullable<LanePlan['costs']>, duration: number): number {
  if (costs === 'equal') return 1;
  return costs === 'durations' ? duration : -duration;
}

/** A key for each element, in no order that is simple. */
export function keyOf(index: number, keys: number): number {
  return (index * index + Math.floor(index / 3)) % keys;
}

export function indicesIn({ start, end }: Range): number[] {
  return Array.from({ length: end - start }, (_, position) => start + position);
}

/** In the order of the indices. */
function rangesOf(indices: readonly number[]): Range[] {
  const ranges: { start: number; end: number }[] = [];
  for (const index of indices) {
    const last = ranges.at(-1);
    if (last?.end === index) last.end++;
    else ranges.push({ start: index, end: index + 1 });
  }
  return ranges;
}
