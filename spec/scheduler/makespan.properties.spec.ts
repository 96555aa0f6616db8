/** How soon a call ends whose elements are all there, held against the bounds of the textbooks. */
import * as fc from 'fast-check';
import type { Millis } from '../../lib/scheduler/facts.js';
import { play, type LanePlan, type LaneSpan } from '../support/simulate.js';

/** Milliseconds after which a batch is looked at again that was too short to be moved. */
const STUCK_AFTER: Millis = 2;
/** A batch that is moved lasts at least so many overheads, its own among them. */
const SHORTEST_BATCH = 5;

interface Course {
  readonly spans: readonly LaneSpan[];
  readonly makespan: Millis;
  /** What all batches cost beside their elements. */
  readonly overheads: Millis;
  readonly batches: number;
  /** Elements of the largest batch. */
  readonly largestBatch: number;
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

/** One lane, on m slots that are open at once. */
function run(
  m: number,
  durations: readonly Millis[],
  overhead = 0,
  plan?: Partial<LanePlan>,
): Course {
  const lane: LanePlan = { limit: m, arrivals: [{ after: 0, durations }], ...plan };
  const spans: LaneSpan[] = [];
  let batches = 0;
  let largestBatch = 0;
  for (const step of play({ size: m, overhead, lanes: [lane] })) {
    spans.push(...step.spans);
    for (const command of step.commands) {
      if (command.type !== 'startBatch') continue;
      const sizes = command.ranges.map((range) => range.end - range.start);
      largestBatch = Math.max(largestBatch, sum(sizes));
      batches++;
    }
  }
  const makespan = Math.max(...spans.map(({ end }) => end));
  return { spans, makespan, overheads: batches * overhead, batches, largestBatch };
}

/** The shortest makespan there is, by trying every way to spread the elements over the slots. */
function optimum(durations: readonly Millis[], m: number): Millis {
  let best = sum(durations);
  const loads = Array.from({ length: m }, () => 0);
  const place = (nth: number): void => {
    const makespan = Math.max(...loads);
    if (makespan >= best) return;
    if (nth === durations.length) best = makespan;
    else {
      for (let slot = 0; slot < m; slot++) {
        loads[slot]! += durations[nth]!;
        place(nth + 1);
        loads[slot]! -= durations[nth]!;
      }
    }
  };
  place(0);
  return best;
}

describe('with `cost` told as it is, the makespan', () => {
  const few = fc.array(fc.nat(30), { minLength: 1, maxLength: 8 });
  const slots = fc.integer({ min: 2, max: 3 });
  const graham = (m: number): number => 4 / 3 - 1 / (3 * m);

  it('is at most 4/3 - 1/(3m) times the best one: Graham’s bound of the longest first', () => {
    const property = fc.property(few, slots, (durations, m) => {
      const { makespan } = run(m, durations, 0, { costs: 'durations' });
      expect(makespan).toBeLessThanOrEqual(graham(m) * optimum(durations, m) + 1e-9);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('is so as well where batches cost something, but for what they cost', () => {
    const overhead = 0.03;
    const property = fc.property(few, slots, (factors, m) => {
      // Longer than any batch, so that each goes on its own in either case.
      const durations = factors.map((factor) => 200 * overhead * (factor + 1));
      const plan = { costs: 'durations', batchSize: 1 } as const;
      const { makespan, overheads } = run(m, durations, overhead, plan);
      expect(makespan).toBeLessThanOrEqual(graham(m) * optimum(durations, m) + overheads + 1e-9);
    });
    fc.assert(property, { numRuns: 1000 });
  });
});

describe('with batches of many elements, the makespan', () => {
  const overhead = 0.03;
  const slots = fc.integer({ min: 2, max: 6 });
  const unit = fc.constantFrom(0.001, 0.01, 0.1, 1);
  const pattern = fc.array(fc.constantFrom(1, 2, 5, 10), { minLength: 1, maxLength: 6 });
  const giants = fc.array(fc.tuple(fc.nat(1999), fc.constantFrom(20, 100, 300, 1000)), {
    maxLength: 5,
  });

  // A slot that idles waits for elements which another one holds only until they are taken back: a
  // moment, or STUCK_AFTER for what was moved just before or seemed too short, and each time behind
  // another giant.
  it('is that of list scheduling, but for the overheads and a wait for each giant', () => {
    const count = fc.integer({ min: 1, max: 2000 });
    const property = fc.property(
      slots,
      unit,
      pattern,
      giants,
      count,
      (m, base, factors, big, n) => {
        const durations = Array.from(
          { length: n },
          (_, nth) => base * factors[nth % factors.length]!,
        );
        for (const [place, factor] of big) durations[place % n] = base * factor;
        const { makespan, overheads } = run(m, durations, overhead);
        const longest = Math.max(...durations) + overhead;
        const list = (sum(durations) + overheads) / m + (1 - 1 / m) * longest;
        expect(makespan).toBeLessThanOrEqual(list + STUCK_AFTER * (big.length + 1));
      },
    );
    fc.assert(property, { numRuns: 250 });
  });

  it('of crumbs is an equal part each, of which about a hundredth is overhead', () => {
    const count = fc.integer({ min: 1, max: 20_000 });
    const small = fc.constantFrom(0.001, 0.01, 0.1);
    const property = fc.property(slots, small, count, (m, duration, n) => {
      const { makespan, batches } = run(
        m,
        Array.from({ length: n }, () => duration),
        overhead,
      );
      const total = n * duration;
      // One probe per slot; batches of a hundred overheads; then, while they shrink from there to
      // four, each takes a half of an m-th of what waits: 2m ln 25 of them, and 2m shortest ones.
      const few = m * (1 + 2 * Math.log(25) + 2 + 3);
      expect(batches).toBeLessThanOrEqual((0.01 * total * 1.05) / overhead + few);
      expect(makespan).toBeLessThanOrEqual(
        (total + batches * overhead) / m + SHORTEST_BATCH * overhead + duration + STUCK_AFTER,
      );
    });
    fc.assert(property, { numRuns: 100 });
  });

  describe('with one element among them that takes a thousand times as long,', () => {
    const crumbs = fc.constantFrom(0.003, 0.01, 0.03, 0.1);
    const count = fc.integer({ min: 1, max: 6000 });
    const overheads = fc.constantFrom(0.03, 0.25);

    // The giant holds one slot; all others share the crumbs, also those that were behind it.
    it('ends with the giant, or when each slot has had its part of the work', () => {
      const property = fc.property(
        ...([slots, crumbs, count, fc.nat(5999), overheads] as const),
        (m, duration, n, place, cost) => {
          const giant = place % n;
          const durations = Array.from({ length: n }, (_, nth) =>
            nth === giant ? 1000 * duration : duration,
          );
          const course = run(m, durations, cost);
          const { start, end } = course.spans.find(({ index }) => index === giant)!;
          const part = (sum(durations) + course.overheads) / m + duration;
          const moved = STUCK_AFTER + SHORTEST_BATCH * cost;
          expect(course.makespan).toBeLessThanOrEqual(Math.max(end, part) + moved);
          // Before it come the crumbs before it, and the batch that it is in and the one ahead of that.
          const crumbsBefore = (giant * duration + course.overheads) / m;
          expect(start).toBeLessThanOrEqual(
            crumbsBefore + 2 * course.largestBatch * duration + moved,
          );
        },
      );
      fc.assert(property, { numRuns: 250 });
    });
  });
});
