/** Slots that are replaced after so many elements, in random worlds in which some fail and lanes are cancelled. */
import * as fc from 'fast-check';
import type { BatchId, SlotId } from '../../lib/scheduler/facts.js';
import { countOf } from '../../lib/task/ranges.js';
import { Conversation } from '../support/conversation.js';
import { play, simulate, type LanePlan, type SlotPlan, type World } from '../support/simulate.js';

const time = fc.nat(8);

const lanePlans: fc.Arbitrary<LanePlan> = fc.record(
  {
    limit: fc.integer({ min: 1, max: 4 }),
    arrivals: fc.array(
      fc.record({ after: time, durations: fc.array(time, { minLength: 1, maxLength: 20 }) }),
      { maxLength: 4 },
    ),
    batchSize: fc.integer({ min: 1, max: 6 }),
    pinned: fc.boolean(),
    pace: fc.constantFrom(0, 0.5, 4),
    cancelledAfter: fc.nat(30),
  },
  { requiredKeys: ['limit', 'arrivals'] },
);

const slotPlans: fc.Arbitrary<SlotPlan> = fc.oneof(
  fc.record({ type: fc.constant('opens'), after: time }),
  fc.record({
    type: fc.constant('isLost'),
    after: time,
    openFor: fc.nat(20),
    running: fc.constant('settles'),
    returnsAfter: fc.nat(3),
  }),
);

type RecyclingWorld = World & { readonly elementsPerSlot: number };

const worlds: fc.Arbitrary<RecyclingWorld> = fc.record(
  {
    size: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(Infinity)),
    elementsPerSlot: fc.integer({ min: 1, max: 12 }),
    overhead: fc.constantFrom(0, 0.01, 0.25, 2),
    canReclaim: fc.boolean(),
    lanes: fc.array(lanePlans, { minLength: 1, maxLength: 3 }),
    slots: fc.array(slotPlans, { maxLength: 12 }),
    abortGrace: fc.nat(3),
  },
  { requiredKeys: ['size', 'elementsPerSlot', 'lanes'] },
);

function inEveryWorld(complaints: (world: RecyclingWorld) => Iterable<unknown>): void {
  const property = fc.property(worlds, (world) => {
    expect([...complaints(world)]).toEqual([]);
  });
  fc.assert(property, { numRuns: 1000 });
}

describe('slots that are replaced after some elements', () => {
  it('run no more than those, in every world', () => {
    inEveryWorld(function* (world) {
      const ran = new Map<SlotId, number>();
      for (const { worker } of simulate(world).spans) {
        ran.set(worker, (ran.get(worker) ?? 0) + 1);
      }
      for (const count of ran.values()) if (count > world.elementsPerSlot) yield count;
    });
  });

  it('lose no element and run none twice, in every world', () => {
    inEveryWorld(function* (world) {
      const { spans, log } = simulate(world);
      const failed = log.flatMap(({ commands }) =>
        commands.flatMap((command) => (command.type === 'failLane' ? [command.lane] : [])),
      );
      for (const [lane, { arrivals, cancelledAfter }] of world.lanes.entries()) {
        const ran = spans.filter((span) => span.lane === lane).map(({ index }) => index);
        const count = arrivals.reduce((sum, { durations }) => sum + durations.length, 0);
        if (new Set(ran).size < ran.length) yield ran;
        const mayMiss = cancelledAfter !== undefined || failed.includes(lane);
        // Three slots were lost with it before it started.
        const givenUp = log.flatMap(({ commands }) =>
          commands.filter((command) => command.type === 'failElement' && command.lane === lane),
        );
        if (!mayMiss && ran.length + givenUp.length < count) yield { lane, ran };
      }
    });
  });

  it('are as many as may be, not counting those that run their last elements, in every world', () => {
    inEveryWorld(function* (world) {
      const handed = new Map<SlotId, number>();
      const most = Math.min(world.size, Math.max(...world.lanes.map(({ limit }) => limit)));
      for (const { fact, commands } of play(world)) {
        if (fact.type === 'slotLost') handed.delete(fact.slot);
        for (const command of commands) {
          if (command.type === 'closeSlot') handed.delete(command.slot);
          if (command.type === 'openSlot') handed.set(command.slot, 0);
          if (command.type === 'startBatch') {
            handed.set(command.slot, handed.get(command.slot)! + countOf(command.ranges));
          }
          if (command.type !== 'openSlot') continue;
          const last = [...handed.values()].filter((count) => count >= world.elementsPerSlot);
          if (handed.size - last.length > most) yield { command, handed: [...handed] };
        }
      }
    });
  });

  it('run no more at once than there may be slots, in every world', () => {
    inEveryWorld(function* (world) {
      const batches = new Map<BatchId, SlotId>();
      const running = (): Set<SlotId> => new Set(batches.values());
      const clear = (slot: SlotId): void => {
        for (const [batch, its] of batches) if (its === slot) batches.delete(batch);
      };
      for (const { fact, commands } of play(world)) {
        if (fact.type === 'batchReturned') batches.delete(fact.batch);
        if (fact.type === 'slotLost') clear(fact.slot);
        for (const command of commands) {
          if (command.type === 'closeSlot') clear(command.slot);
          if (command.type !== 'startBatch') continue;
          batches.set(command.batch, command.slot);
          if (running().size > world.size) yield { command, running: [...running()] };
        }
      }
    });
  });

  it('are closed when their last element has ended, and the next one opens meanwhile', () => {
    const scheduler = new Conversation(1, { elementsPerSlot: 2 });
    scheduler.laneOpened('A', 1);
    expect(scheduler.arrived('A', 5)).toEqual(['open slot 0']);
    expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A0']);
    expect(scheduler.settled(0)).toEqual(['slot 0 runs A1', 'open slot 1']);
    expect(scheduler.slotOpened(1)).toEqual([]);
    expect(scheduler.settled(0)).toEqual(['close slot 0', 'slot 1 runs A2']);
  });

  it('have no successor where nothing waits', () => {
    const scheduler = new Conversation(1, { elementsPerSlot: 1 });
    scheduler.laneOpened('A', 1);
    scheduler.arrived('A', 1);
    expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A0']);
    expect(scheduler.settled(0)).toEqual(['close slot 0']);
    expect(scheduler.arrived('A', 1)).toEqual(['open slot 1']);
  });

  it('count what ran there, not what was given back', () => {
    const scheduler = new Conversation(1, { elementsPerSlot: 12 });
    scheduler.laneOpened('A', 1, { batchSize: 10 });
    scheduler.arrived('A', 10);
    expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A0-9']);
    const unstarted = [{ start: 2, end: 10 }];
    expect(scheduler.returned(0, { settled: 2, unstarted })).toEqual(['slot 0 runs A2-9']);
  });
});
