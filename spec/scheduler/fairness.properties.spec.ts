/** That lanes get equal shares of the slots' time, held against random lanes that compete for long. */
import * as fc from 'fast-check';
import type { BatchId, LaneId, Millis } from '../../lib/scheduler/facts.js';
import { play, type LanePlan, type LaneSpan, type World } from '../support/simulate.js';

const OVERHEAD = 0.03;
/** Each lane alone would keep every slot busy for so long: much longer than any batch. */
const WORK: Millis = 250;
/** By now every lane has opened. */
const ALL_OPEN: Millis = 20;

/** Its elements take `base` times one of the factors, in turn. */
interface LaneShape {
  readonly base: Millis;
  readonly factors: readonly number[];
  readonly batchSize?: number;
  readonly perSlot?: number;
  readonly opensAt: number;
}

const factor = fc.constantFrom(1, 1.5, 2);

const shapes: fc.Arbitrary<LaneShape> = fc.record(
  {
    base: fc.constantFrom(0.2, 1, 4),
    factors: fc.array(factor, { minLength: 1, maxLength: 4 }),
    batchSize: fc.constantFrom(1, 7),
    opensAt: fc.nat(ALL_OPEN),
  },
  { requiredKeys: ['base', 'factors', 'opensAt'] },
);

function lanePlan({ factors, base, ...plan }: LaneShape, limit: number, work: Millis): LanePlan {
  const mean = factors.reduce((sum, one) => sum + one, 0) / factors.length;
  const durations = Array.from(
    { length: Math.ceil(work / (base * mean)) },
    (_, nth) => base * factors[nth % factors.length]!,
  );
  return { ...plan, limit, arrivals: [{ after: 0, durations }] };
}

interface Stretch {
  readonly spans: readonly LaneSpan[];
  /** When the first of the lanes had nothing waiting any more. */
  readonly end: number;
  /** The longest that a batch took. */
  readonly longestBatch: Millis;
}

/** What happens while something waits in every lane. */
function whileAllWait(world: World): Stretch {
  const waiting = world.lanes.map(({ arrivals }) => arrivals[0]!.durations.length);
  const lanes = new Map<BatchId, LaneId>();
  const spans: LaneSpan[] = [];
  let longestBatch = 0;
  let end = Infinity;
  for (const { at, fact, commands, spans: ended } of play(world)) {
    spans.push(...ended);
    if (at > end) continue;
    if (fact.type === 'batchReturned') longestBatch = Math.max(longestBatch, fact.busy);
    if (fact.type === 'batchReclaimed') {
      for (const range of fact.unstarted) {
        waiting[lanes.get(fact.batch)!]! += range.end - range.start;
      }
    }
    for (const command of commands) {
      if (command.type !== 'startBatch') continue;
      lanes.set(command.batch, command.lane);
      for (const range of command.ranges) waiting[command.lane]! -= range.end - range.start;
    }
    if (waiting.includes(0)) end = at;
  }
  return { spans, end, longestBatch };
}

/** How long the lane was served from one moment to another. */
function served(spans: readonly LaneSpan[], lane: LaneId, from: number, to: number): Millis {
  let sum = 0;
  for (const span of spans) {
    if (span.lane !== lane) continue;
    sum += Math.max(0, Math.min(span.end, to) - Math.max(span.start, from));
  }
  return sum;
}

describe('lanes that all have elements waiting, each with a limit of all m slots', () => {
  // The lane that was charged least goes next, so the charges of two lanes differ by one batch at
  // most. What a lane was charged differs from what it got by its batches in flight: all lanes
  // together have 2m of them, when the stretch begins and again when it ends.
  it.each([
    ['take the same time', fc.constant([1])],
    ['vary', fc.array(factor, { minLength: 2, maxLength: 4 })],
  ])(
    'are served for times that differ by four batches per slot at most, if their elements %s',
    (_, factors) => {
      const lane = fc
        .tuple(shapes, factors)
        .map(([shape, some]): LaneShape => ({ ...shape, factors: some }));
      const lanes = fc.array(lane, { minLength: 2, maxLength: 4 });
      const property = fc.property(fc.integer({ min: 1, max: 3 }), lanes, (m, all) => {
        const plans = all.map((shape) => lanePlan(shape, m, WORK * m));
        const { spans, end, longestBatch } = whileAllWait({
          size: m,
          overhead: OVERHEAD,
          lanes: plans,
        });
        // Else the bound would say nothing.
        expect(end).toBeGreaterThan(WORK);
        for (let nth = 1; nth <= 5; nth++) {
          const now = ALL_OPEN + ((end - ALL_OPEN) * nth) / 5;
          const times = plans.map((__, lane) => served(spans, lane, ALL_OPEN, now));
          const difference = Math.max(...times) - Math.min(...times);
          expect(difference).toBeLessThanOrEqual(4 * m * longestBatch);
        }
      });
      fc.assert(property, { numRuns: 50 });
    },
  );
});

/** How long slots held something of the lane, however much at once. */
function occupied(spans: readonly LaneSpan[], lane: LaneId, from: number, to: number): Millis {
  const untilOn = new Map<number, number>();
  let sum = 0;
  for (const { worker, ...span } of spans.toSorted((a, b) => a.start - b.start)) {
    if (span.lane !== lane) continue;
    const start = Math.max(span.start, from, untilOn.get(worker) ?? 0);
    const end = Math.min(span.end, to);
    if (end <= start) continue;
    sum += end - start;
    untilOn.set(worker, end);
  }
  return sum;
}

describe('lanes of which a slot runs several elements at once', () => {
  // A slot goes from one lane to another when the last of its elements has ended, and what each of those that ran
  // beside each other took of its time is estimated.
  it('have the slots for two thirds of an equal share at least, but for some elements', () => {
    const perSlot = fc.constantFrom(1, 2, 5);
    const lane = fc
      .tuple(shapes, perSlot)
      .map(([shape, several]): LaneShape => ({ ...shape, perSlot: several, batchSize: 1 }));
    const lanes = fc.array(lane, { minLength: 2, maxLength: 3 });
    const property = fc.property(fc.integer({ min: 1, max: 3 }), lanes, (m, all) => {
      const plans = all.map((shape) => lanePlan(shape, m, WORK * m * shape.perSlot!));
      const { spans, end } = whileAllWait({ size: m, overhead: 0, lanes: plans });
      const longest = Math.max(...spans.map((span) => span.end - span.start));
      const times = plans.map((_, lane) => occupied(spans, lane, ALL_OPEN, end));
      const share = ((end - ALL_OPEN) * m) / plans.length;
      expect(Math.min(...times)).toBeGreaterThanOrEqual((share * 2) / 3 - 3 * m * longest);
    });
    fc.assert(property, { numRuns: 50 });
  });
});

describe('a lane that comes while another one with much work has all slots', () => {
  it('has its first element started when the batches that were there then are over', () => {
    const size = fc.integer({ min: 1, max: 4 });
    const perSlot = fc.constantFrom(1, 3);
    const long = fc
      .tuple(shapes, perSlot)
      .map(([{ batchSize = 1, ...shape }, several]) =>
        several === 1 ? { ...shape, batchSize } : { ...shape, perSlot: several },
      );
    const property = fc.property(size, long, shapes, fc.nat(200), (m, long, short, at) => {
      const lanes = [
        lanePlan({ ...long, opensAt: 0 }, m, 3 * WORK * m),
        lanePlan({ ...short, opensAt: ALL_OPEN + at }, m, 10),
      ];
      const arrival = ALL_OPEN + at;
      const present = new Set<BatchId>();
      let over = arrival;
      let first = Infinity;
      for (const step of play({ size: m, overhead: OVERHEAD, lanes })) {
        const { fact, commands } = step;
        if (fact.type === 'batchReturned' && present.has(fact.batch)) over = step.at;
        for (const { lane, start } of step.spans) if (lane === 1) first = Math.min(first, start);
        for (const command of commands) {
          if (command.type === 'startBatch' && step.at < arrival) present.add(command.batch);
        }
      }
      expect(first).toBeLessThanOrEqual(over + OVERHEAD + 1e-9);
    });
    fc.assert(property, { numRuns: 200 });
  });
});
