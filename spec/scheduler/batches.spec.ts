/** How the scheduler makes batches where they cost something, and what it takes back of them. */
import { MOST_PINNED_ELEMENTS } from '../../lib/scheduler/Pace.js';
import { Conversation } from '../support/conversation.js';

const OVERHEAD = 0.03;
/** Milliseconds of an element; many of the quick ones go in a batch, and a slow one alone. */
const QUICK = 0.01;
const SLOW = 100;
const MANY = 100_000;

type LaneOptions = Parameters<Conversation['laneOpened']>[2];

function makeScheduler(size: number, options: { canReclaim?: boolean } = {}): Conversation {
  return new Conversation(size, { overhead: OVERHEAD, ...options });
}

/** With one slot that is open, and a lane A in which so many elements wait for it. */
function withOneSlot(waiting: number, lane: LaneOptions = {}, options = {}) {
  const scheduler = makeScheduler(1, options);
  scheduler.laneOpened('A', 1, lane);
  scheduler.arrived('A', waiting);
  return { scheduler, started: scheduler.slotOpened(0) };
}

/** How many elements each batch has that these commands start. */
function sizesOf(commands: readonly string[]): number[] {
  return commands.flatMap((command) => {
    const [, ranges] = /runs [A-C](.*)/.exec(command) ?? [];
    if (ranges === undefined) return [];
    const sizes = ranges.split(',').map((range) => {
      const [start, last] = range.split('-').map(Number);
      return (last ?? start!) - start! + 1;
    });
    return [sizes.reduce((sum, size) => sum + size, 0)];
  });
}

describe('a batch', () => {
  it('is one element while nothing is known of the function', () => {
    const { started } = withOneSlot(MANY);
    expect(new Set(sizesOf(started))).toEqual(new Set([1]));
  });

  it('is many at once if the function was quick when it was last used', () => {
    const { started } = withOneSlot(MANY, { pace: QUICK });
    expect(sizesOf(started)[0]).toBeGreaterThan(1);
  });

  it('grows as the elements turn out to be quick', () => {
    const { scheduler, started } = withOneSlot(MANY, { pace: 1 });
    let running = sizesOf(started);
    const sizes = [running[0]!];
    for (const pace of [0.5, 0.1, QUICK]) {
      const next = sizesOf(scheduler.settled(0, pace * running.shift()!));
      sizes.push(next[0]!);
      running = [...running, ...next];
    }
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  });

  it('becomes smaller again when they turn out to be slow', () => {
    const { scheduler, started } = withOneSlot(MANY, { pace: QUICK });
    const [running, behind] = sizesOf(started);
    const [next] = sizesOf(scheduler.settled(0, 10 * QUICK * running!));
    expect(next).toBeLessThan(running!);
    const [last] = sizesOf(scheduler.settled(0, 10 * QUICK * behind!));
    expect(last).toBeLessThan(next!);
  });

  it('shrinks towards the end, so that the slots end together', () => {
    const scheduler = makeScheduler(2);
    scheduler.laneOpened('A', 2, { pace: QUICK });
    scheduler.arrived('A', 1000);
    const onSlots = [scheduler.slotOpened(0), scheduler.slotOpened(1)].map(sizesOf);
    const sizes = onSlots.flat();
    while (onSlots.some((batches) => batches.length > 0)) {
      for (const [slot, batches] of onSlots.entries()) {
        const count = batches.shift();
        if (count === undefined) continue;
        // Their last batches are returned in turn, so nothing of another one is asked for.
        const started = sizesOf(scheduler.settled(slot, QUICK * count));
        batches.push(...started);
        sizes.push(...started);
      }
    }
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1000);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sizes.at(-1)).toBeLessThan(sizes[0]! / 4);
  });

  it('is not long where the dearest of all would go together', () => {
    const scheduler = makeScheduler(1);
    scheduler.laneOpened('A', 1, { pace: QUICK, byCost: true });
    scheduler.arrived('A', MANY, new Array<number>(MANY).fill(1));
    const [byCost] = sizesOf(scheduler.slotOpened(0));
    expect(byCost).toBeLessThan(sizesOf(withOneSlot(MANY, { pace: QUICK }).started)[0]!);
  });

  it('is not long where nothing of it could be taken back', () => {
    const sizeIf = (canReclaim: boolean): number =>
      sizesOf(withOneSlot(MANY, { pace: QUICK }, { canReclaim }).started)[0]!;
    expect(sizeIf(false)).toBeLessThan(sizeIf(true));
  });

  it('is small where memory is moved, however quick the elements are, unless the call says more', () => {
    const { started } = withOneSlot(MANY, { pace: QUICK, pinned: true });
    expect(sizesOf(started)).toEqual([MOST_PINNED_ELEMENTS, MOST_PINNED_ELEMENTS]);
    const given = withOneSlot(MANY, { pace: QUICK, pinned: true, batchSize: 100 });
    expect(sizesOf(given.started)).toEqual([100, 100]);
  });

  it('is one element, with none to wait behind it, where each is to be alone', () => {
    const { started } = withOneSlot(MANY, { pace: QUICK, pinned: true, alone: true });
    expect(sizesOf(started)).toEqual([1]);
    const given = withOneSlot(MANY, { pace: QUICK, alone: true, batchSize: 3 });
    expect(sizesOf(given.started)).toEqual([3]);
  });

  it('has the size that the call says, until less than that waits', () => {
    const { scheduler, started } = withOneSlot(8, { batchSize: 3 });
    const sizes = sizesOf(started);
    // It grows meanwhile, so that each batch returns in its turn.
    for (const _ of sizes) sizes.push(...sizesOf(scheduler.settled(0)));
    expect(sizes).toEqual([3, 3, 2]);
  });
});

describe('a slot', () => {
  it('holds two batches of quick elements, and no third', () => {
    const { scheduler, started } = withOneSlot(MANY, { pace: QUICK });
    expect(sizesOf(started)).toHaveLength(2);
    expect(scheduler.arrived('A', MANY)).toEqual([]);
  });

  it('is refilled as soon as the first of its two returns', () => {
    const { scheduler, started } = withOneSlot(MANY, { pace: QUICK });
    for (const count of sizesOf(started)) {
      expect(sizesOf(scheduler.settled(0, QUICK * count))).toHaveLength(1);
    }
  });

  it('does not get a second batch of slow elements that could not be taken back', () => {
    expect(withOneSlot(9, { pace: SLOW }, { canReclaim: false }).started).toEqual([
      'slot 0 runs A0',
    ]);
    expect(withOneSlot(9, { pace: SLOW, pinned: true }).started).toEqual(['slot 0 runs A0']);
  });

  it('leaves to a slot on its way what that one could run at once', () => {
    const scheduler = makeScheduler(2);
    scheduler.laneOpened('A', 2, { pace: 1, batchSize: 1 });
    scheduler.arrived('A', 2);
    expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A0']);
    expect(scheduler.slotOpened(1)).toEqual(['slot 1 runs A1']);
  });

  it('gets a second batch only when each of the others has its first', () => {
    const scheduler = makeScheduler(2);
    scheduler.laneOpened('A', 2, { pace: 1, batchSize: 1 });
    scheduler.arrived('A', 2);
    scheduler.slotOpened(0);
    scheduler.slotOpened(1);
    scheduler.settled(0, 1);
    scheduler.settled(1, 1);
    const started = scheduler.arrived('A', 4);
    expect(started.map((command) => command.slice(0, 6)).slice(0, 2)).toEqual(['slot 1', 'slot 0']);
    expect(sizesOf(started)).toEqual([1, 1, 1, 1]);
  });

  it('gets its second batch of the lane that was served least', () => {
    const scheduler = makeScheduler(1);
    scheduler.laneOpened('A', 1, { pace: 1, batchSize: 1 });
    scheduler.laneOpened('B', 1, { pace: 1, batchSize: 1 });
    scheduler.arrived('A', 9);
    scheduler.arrived('B', 9);
    expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A0', 'slot 0 runs B0']);
    expect(scheduler.settled(0, 3)).toEqual(['slot 0 runs B1']);
    expect(scheduler.settled(0, 1)).toEqual(['slot 0 runs B2']);
  });
});

/** With ten elements of A in one batch on slot 0, while slot 1 idles: what that led to, and more. */
function withBatchAndIdleSlot(lane: LaneOptions, options: { canReclaim?: boolean } = {}) {
  const scheduler = makeScheduler(2, options);
  scheduler.laneOpened('A', 2, { batchSize: 10, ...lane });
  scheduler.arrived('A', 10);
  expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A0-9']);
  return { scheduler, said: scheduler.slotOpened(1) };
}

describe('what has not started of a batch, while another slot idles,', () => {
  /** The first of the ten runs, the others are given up. */
  const OTHERS = { start: 1, end: 10 };

  it('is taken back, and started on that slot', () => {
    const { scheduler, said } = withBatchAndIdleSlot({ pace: 1 });
    expect(said).toEqual(['reclaim 0-9 of slot 0']);
    expect(scheduler.reclaimed(0, OTHERS)).toContainEqual(
      expect.stringMatching(/^slot 1 runs A1\b/) as string,
    );
  });

  it('is asked for once', () => {
    const { scheduler } = withBatchAndIdleSlot({ pace: 1 });
    expect(scheduler.laneEnded('A')).toEqual([]);
    expect(scheduler.reclaimed(0)).toEqual([]);
    expect(scheduler.wokenUp()).toEqual([]);
  });

  it('is taken back of the oldest batch first', () => {
    const scheduler = makeScheduler(2);
    scheduler.laneOpened('A', 2, { batchSize: 10, pace: 1 });
    scheduler.arrived('A', 20);
    expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A0-9', 'slot 0 runs A10-19']);
    expect(scheduler.slotOpened(1)).toEqual(['reclaim 0-9 of slot 0']);
  });

  it('is taken back of a batch of one, too, that waits behind another, but not once it runs', () => {
    const waiting = (): Conversation => {
      const scheduler = makeScheduler(2);
      scheduler.laneOpened('A', 2, { batchSize: 1, pace: 1 });
      scheduler.arrived('A', 3);
      expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A0', 'slot 0 runs A1']);
      expect(scheduler.slotOpened(1)).toEqual(['slot 1 runs A2']);
      return scheduler;
    };
    expect(waiting().settled(1)).toEqual(['reclaim 1 of slot 0']);
    const scheduler = waiting();
    expect(scheduler.settled(0)).toEqual([]);
    expect(scheduler.settled(1)).toEqual([]);
  });

  it('is left alone where it is too short to be worth it, and taken back if it is stuck', () => {
    const { scheduler, said } = withBatchAndIdleSlot({ pace: QUICK });
    expect(said).toEqual([expect.stringMatching(/^wake me after/)]);
    expect(scheduler.wokenUp()).toEqual(['reclaim 0-9 of slot 0']);
  });

  it('goes to and fro ever more seldom between slots that take long to begin', () => {
    const { scheduler, said } = withBatchAndIdleSlot({ pace: QUICK });
    const waits = (all: readonly string[]): string[] => all.filter((one) => one.startsWith('wake'));
    expect(waits(said)).toEqual(['wake me after 1']);
    scheduler.wokenUp();
    expect(waits(scheduler.reclaimed(0, { start: 0, end: 10 }))).toEqual(['wake me after 2']);
  });

  it('is left alone for good if it was only short', () => {
    const { scheduler } = withBatchAndIdleSlot({ pace: QUICK });
    expect(scheduler.settled(0, 10 * QUICK)).toEqual([]);
    expect(scheduler.wokenUp()).toEqual([]);
  });

  it('is left alone if no slot idles any more when it turns out to be stuck', () => {
    const { scheduler } = withBatchAndIdleSlot({ pace: QUICK });
    scheduler.laneOpened('B', 1);
    expect(scheduler.arrived('B', 1)).toEqual(['slot 1 runs B0']);
    expect(scheduler.wokenUp()).toEqual([]);
    // It is looked at again when the slot idles.
    expect(scheduler.settled(1)).toEqual([expect.stringMatching(/^wake me after/)]);
    expect(scheduler.wokenUp()).toEqual(['reclaim 0-9 of slot 0']);
  });

  it('is not moved back at once from where it was moved to, but if it is stuck there', () => {
    const { scheduler } = withBatchAndIdleSlot({ pace: 1 });
    expect(scheduler.reclaimed(0, { start: 8, end: 10 })).toEqual([
      'slot 1 runs A8',
      expect.stringMatching(/^wake me after/),
      'slot 1 runs A9',
    ]);
    // Slot 0 ends the elements that it had started, and idles.
    expect(scheduler.returned(0, { settled: 8, busy: 8 })).toEqual([]);
    expect(scheduler.wokenUp()).toEqual(['reclaim 9 of slot 1']);
  });

  it('is shared with the slot that it was taken from, also where the call says how large a batch is', () => {
    const { scheduler } = withBatchAndIdleSlot({ pace: 1 });
    const said = scheduler.reclaimed(0, OTHERS);
    // Half of it, and then a half of the rest to follow.
    expect(sizesOf(said)).toEqual([5, 2]);
    expect(sizesOf(scheduler.returned(0, { settled: 1, busy: 1 }))).toEqual([2]);
  });

  it('is left alone where the executor cannot take back', () => {
    const { scheduler, said } = withBatchAndIdleSlot({ pace: 1 }, { canReclaim: false });
    expect(said).toEqual([]);
    expect(scheduler.wokenUp()).toEqual([]);
  });

  it('is left alone where its elements can run nowhere else', () => {
    const { scheduler, said } = withBatchAndIdleSlot({ pace: 1, pinned: true });
    expect(said).toEqual([]);
    expect(scheduler.wokenUp()).toEqual([]);
  });

  it('is left alone where its lane is at its limit', () => {
    const scheduler = makeScheduler(2);
    scheduler.laneOpened('A', 1, { batchSize: 10, pace: 1 });
    scheduler.laneOpened('B', 2);
    scheduler.arrived('A', 10);
    expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A0-9']);
    scheduler.arrived('B', 1);
    expect(scheduler.slotOpened(1)).toEqual(['slot 1 runs B0']);
    expect(scheduler.settled(1)).toEqual([]);
  });

  it('is left alone where nobody wants it any more', () => {
    const { scheduler } = withBatchAndIdleSlot({ pace: QUICK });
    expect(scheduler.laneCancelled('A')).toEqual(['abort slot 0']);
    expect(scheduler.wokenUp()).toEqual([]);
  });
});

describe('a lane whose first elements come while all slots are full', () => {
  /** Slot 0 has two batches of A. */
  function withFullSlot(lane: LaneOptions = {}, options = {}) {
    const { scheduler } = withOneSlot(20, { batchSize: 10, pace: QUICK, ...lane }, options);
    scheduler.laneOpened('B', 1);
    return scheduler;
  }

  it('has one cleared, and goes next there', () => {
    const scheduler = withFullSlot();
    expect(scheduler.arrived('B', 3)).toEqual(['reclaim 0-9 of slot 0', 'reclaim 10-19 of slot 0']);
    scheduler.reclaimed(0, { start: 4, end: 10 });
    scheduler.reclaimed(0, { start: 10, end: 20 });
    scheduler.returned(0, { settled: 4, busy: 4 * QUICK });
    expect(scheduler.returned(0, { settled: 0, busy: 0 })[0]).toBe('slot 0 runs B0');
  });

  it('has none cleared twice, and none for what comes later', () => {
    const scheduler = withFullSlot();
    scheduler.arrived('B', 1);
    expect(scheduler.arrived('B', 1)).toEqual([]);
  });

  it('has none cleared while a slot is on its way', () => {
    const scheduler = makeScheduler(2);
    scheduler.laneOpened('A', 1, { batchSize: 10, pace: QUICK });
    scheduler.arrived('A', 20);
    scheduler.slotOpened(0);
    scheduler.laneOpened('B', 2);
    expect(scheduler.arrived('B', 1)).toEqual(['open slot 1']);
  });

  it.each([
    ['the elements there can run nowhere else', { pinned: true }, {}],
    ['the executor cannot take back', {}, { canReclaim: false }],
  ])('has none cleared where %s', (_why, lane, options) => {
    expect(withFullSlot(lane, options).arrived('B', 1)).toEqual([]);
  });
});
