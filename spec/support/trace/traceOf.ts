/** The trace of a simulated world: what a pool would have recorded, in virtual time. */
import type { LaneId, SlotId } from '../../../lib/scheduler/facts.js';
import type { IdleSpan, Trace, TracedElement } from '../../../lib/trace/Trace.js';
import { simulate, type LaneSpan, type Step, type World } from '../simulate.js';

type Recorded<T> = { -readonly [K in keyof T]: T[K] };

export interface TraceOptions {
  /** Of each lane. */
  readonly names?: readonly string[];
  readonly outcomeOf?: (span: LaneSpan) => TracedElement['outcome'] | undefined;
}

export function traceOf(world: World, { names = [], outcomeOf }: TraceOptions = {}): Trace {
  const { log } = simulate(world);
  const calls = new Map<LaneId, Recorded<Trace['calls'][number]>>();
  const workers = new Map<SlotId, Recorded<Trace['workers'][number]>>();
  const batches = new Map<number, Recorded<Trace['batches'][number]>>();
  const elements: TracedElement[] = [];
  const reclaims: Trace['reclaims'][number][] = [];
  const attempts = new Map<string, number>();

  const note = ({ at, fact, spans }: Step): void => {
    switch (fact.type) {
      case 'laneOpened':
        calls.set(fact.lane, {
          ...{ id: fact.lane, name: names[fact.lane] ?? '', concurrency: fact.limit, perWorker: 1 },
          ...{ start: at, arrived: 0, done: 0, failed: 0, cancelled: 0, dropped: 0, retried: 0 },
        });
        return;
      case 'elementsArrived':
        calls.get(fact.lane)!.arrived += fact.count;
        return;
      case 'slotOpened':
        workers.get(fact.slot)!.ready = at;
        return;
      case 'slotLost':
        Object.assign(workers.get(fact.slot)!, { end: at, ending: 'crashed' });
        return;
      case 'slotFailed':
        Object.assign(workers.get(fact.slot)!, { end: at, ending: 'failed to start' });
        return;
      case 'batchReclaimed': {
        const taken = fact.unstarted.reduce((sum, { start, end }) => sum + end - start, 0);
        const { worker } = batches.get(fact.batch)!;
        if (taken > 0) reclaims.push({ batch: fact.batch, worker, count: taken, at });
        return;
      }
      case 'batchReturned': {
        Object.assign(batches.get(fact.batch)!, { returned: at, ran: fact.busy });
        const lost = workers.get(batches.get(fact.batch)!.worker)!;
        for (const span of spans) {
          const { lane, worker, index, start, end } = span;
          const attempt = (attempts.get(`${lane} ${index}`) ?? 0) + 1;
          attempts.set(`${lane} ${index}`, attempt);
          const crashed = lost.ending === 'crashed' && lost.end === end ? 'crashed' : 'done';
          const outcome = outcomeOf?.(span) ?? crashed;
          calls.get(lane)![outcome === 'done' ? 'done' : 'failed']++;
          const { batch } = fact;
          elements.push({ call: lane, index, worker, batch, attempt, start, end, outcome });
        }
        return;
      }
      default:
    }
  };

  for (const step of log) {
    note(step);
    for (const command of step.commands) {
      if (command.type === 'openSlot')
        workers.set(command.slot, { id: command.slot, start: step.at });
      if (command.type === 'closeSlot') {
        Object.assign(workers.get(command.slot)!, { end: step.at, ending: 'closed' });
      }
      if (command.type === 'closeLane') calls.get(command.lane)!.end = step.at;
      if (command.type === 'startBatch') {
        const { batch: id, lane: call, slot: worker, ranges } = command;
        const count = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
        batches.set(id, { id, call, worker, count, sent: step.at, ran: 0 });
      }
    }
  }
  const duration = log.at(-1)?.at ?? 0;
  const recorded = {
    ...{ version: 1, startedAt: Date.UTC(2026, 10, 28), duration, omitted: 0 },
    ...{ calls: [...calls.values()], workers: [...workers.values()], elements },
    ...{ batches: [...batches.values()], reclaims, idle: [] },
  } satisfies Trace;
  return { ...recorded, idle: idleIn(recorded) };
}

/** Whatever a worker was not ready for, or had no batch in, while a call was under way. */
function idleIn({ workers, batches, calls, duration }: Trace): IdleSpan[] {
  const end = Math.max(...calls.map((call) => call.end ?? duration));
  return workers.flatMap((worker) => {
    const idle: IdleSpan[] = [];
    const { id, start, ready = worker.end ?? end } = worker;
    const note = (from: number, to: number, cause: IdleSpan['cause']): void => {
      if (to > from) idle.push({ worker: id, start: from, end: to, cause });
    };
    note(start, ready, 'starting');
    let free = ready;
    for (const batch of batches.filter((one) => one.worker === id)) {
      note(free, batch.sent, 'no work');
      free = Math.max(free, batch.returned ?? end);
    }
    note(free, Math.min(worker.end ?? end, end), 'no work');
    return idle;
  });
}

/** The tutorial's eight jobs on two threads, a millisecond for each unit of time. */
export function tutorialTrace(): Trace {
  const durations = [3, 5, 3, 7, 13, 7, 5, 7];
  return traceOf(
    { size: 2, lanes: [{ limit: 2, arrivals: [{ after: 0, durations }] }] },
    { names: ['std'] },
  );
}
