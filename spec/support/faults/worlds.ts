/** Makes up worlds: small ones with many faults, since most bugs need few elements and much bad luck. */
import * as fc from 'fast-check';
import type {
  Action,
  Arrival,
  ElementPlan,
  Intervention,
  LanePlan,
  Reaction,
  RetryPlan,
  SlotPlan,
  Try,
  World,
} from './World.js';

// Times are small whole numbers, so that much happens at the same time.
const time = fc.nat(8);
const seldom = <T>(value: T, usual: T): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, fc.constant(value));

const tries: fc.Arbitrary<Try> = fc.record(
  {
    end: fc.oneof(
      { weight: 12, arbitrary: fc.constant('value' as const) },
      fc.constantFrom('throws', 'crashes', 'keepsFromStarting', 'hangs'),
    ),
    // Some go on for longer than a slot has to bring what was aborted to an end.
    takes: fc.oneof({ weight: 6, arbitrary: time }, fc.constantFrom(190, 260)),
    isReported: seldom(true, false),
    obeysAfter: fc.oneof(time, fc.constant(230)),
  },
  { requiredKeys: ['end', 'isReported'] },
);

const fine: fc.Arbitrary<Try> = fc.record(
  { end: fc.constant('value'), takes: fc.nat(1), isReported: seldom(true, false) },
  { requiredKeys: ['end', 'isReported'] },
);

const elementsOf = (one: fc.Arbitrary<Try>): fc.Arbitrary<ElementPlan> =>
  fc
    .oneof(
      { weight: 3, arbitrary: fc.tuple(one) },
      // Bad luck that passes.
      fc.tuple(one, one),
    )
    .map((all) => ({ tries: all }));

const arrivals: fc.Arbitrary<Arrival> = fc.record({
  after: time,
  how: fc.constantFrom('one by one', 'together'),
  elements: fc.oneof(
    fc.array(elementsOf(tries), { minLength: 1, maxLength: 8 }),
    // Enough of the same kind for batches to become long.
    fc.array(elementsOf(fine), { minLength: 8, maxLength: 40 }),
    fc
      .tuple(
        fc.array(elementsOf(fine), { minLength: 4, maxLength: 24 }),
        elementsOf(tries),
        fc.nat(24),
      )
      .map(([all, one, at]) => [...all.slice(0, at), one, ...all.slice(at)]),
  ),
});

const actions = fc.constantFrom<Action>(
  'push',
  'end',
  'cancel',
  'abort',
  'close',
  'destroy',
  'open',
);

const reactions: fc.Arbitrary<Reaction> = fc.record({
  on: fc.oneof(
    { weight: 3, arbitrary: fc.constant('next' as const) },
    { weight: 3, arbitrary: fc.constantFrom('transfer' as const, 'retry' as const) },
    { weight: 1, arbitrary: fc.constantFrom('error' as const, 'complete' as const) },
  ),
  nth: fc.nat(3),
  does: actions,
});

const retries: fc.Arbitrary<RetryPlan> = fc.record({
  count: fc.constantFrom(1, 2, 3),
  delay: fc.oneof(fc.constant(0), fc.nat(40)),
  isPicky: seldom(true, false),
});

/** Of a time that is so long that nothing is over it, nothing is to be seen. */
const timeouts = fc.constantFrom(3, 30);

/** A call that has both of two options which do not go together is refused. */
const allowed = ({ pinned, costs, batchSize, ...plan }: LanePlan): LanePlan => ({
  ...plan,
  ...(batchSize !== undefined && (plan.perWorker ?? 1) === 1 && { batchSize }),
  pinned: pinned && plan.retry === undefined,
  ...(costs && plan.keys === undefined && { costs }),
});

const lanes: fc.Arbitrary<LanePlan> = fc
  .record(
    {
      limit: fc.integer({ min: 1, max: 4 }),
      perWorker: fc.constantFrom(1, 2, 3, 10),
      batchSize: fc.integer({ min: 1, max: 6 }),
      costs: fc.constantFrom('equal', 'rising', 'falling'),
      keys: fc.constantFrom(1, 2, 5, 20),
      // Others end with their first failure, and many a fault after it shows nothing.
      settled: seldom(false, true),
      retry: fc.option(retries, { nil: undefined }),
      timeout: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, timeouts),
      pinned: seldom(true, false),
      // Small ones, since most lanes are short.
      window: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined, freq: 2 }),
      hasShared: fc.boolean(),
      isNumeric: fc.boolean(),
      opensAt: fc.oneof(fc.constant(0), fc.nat(30)),
      arrivals: fc.array(arrivals, { maxLength: 3 }),
      endsAfter: time,
      reactions: fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        fc.array(reactions, { minLength: 1, maxLength: 2 }),
      ),
    },
    {
      requiredKeys: [
        ...(['limit', 'settled', 'retry', 'timeout', 'pinned', 'window', 'hasShared'] as const),
        ...(['isNumeric', 'opensAt', 'arrivals', 'endsAfter', 'reactions'] as const),
      ],
    },
  )
  .map(allowed);

const slots: fc.Arbitrary<SlotPlan> = fc.record(
  {
    opensAfter: time,
    failsToOpen: seldom(true, false),
    failsForGood: seldom(true, false),
    lostAfter: fc.nat(40),
    losesOutcomes: fc.boolean(),
    lag: seldom(2, 0),
    closesAfter: time,
  },
  { requiredKeys: ['failsToOpen', 'losesOutcomes', 'lag'] },
);

/** Enough of them in a row for a pool to give up. */
const unusable: fc.Arbitrary<SlotPlan> = fc.oneof(
  slots.map((plan) => ({ ...plan, failsToOpen: true })),
  slots.map((plan) => ({ ...plan, failsToOpen: false, lostAfter: 0 })),
);

const interventions: fc.Arbitrary<Intervention> = fc.record({
  step: fc.nat(60),
  lane: fc.nat(3),
  does: actions,
});

export const worlds: fc.Arbitrary<World> = fc.record({
  size: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(Infinity)),
  idleTimeout: fc.constantFrom(3, 50, Infinity),
  elementsPerSlot: fc.oneof(
    { weight: 3, arbitrary: fc.constant(Infinity) },
    fc.integer({ min: 1, max: 12 }),
  ),
  // With 0 each batch is of one element, with 1 batches are long.
  overhead: fc.constantFrom(0, 1, 1),
  canReclaim: seldom(false, true),
  lanes: fc.array(lanes, { minLength: 1, maxLength: 4 }),
  slots: fc.oneof(
    { weight: 5, arbitrary: fc.array(slots, { maxLength: 8 }) },
    fc.array(unusable, { minLength: 2, maxLength: 8 }),
  ),
  interventions: fc.oneof(fc.constant([]), fc.array(interventions, { minLength: 1, maxLength: 3 })),
});
