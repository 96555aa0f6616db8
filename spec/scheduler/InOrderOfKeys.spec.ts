import * as fc from 'fast-check';
import type { Range } from '../../lib/scheduler/facts.js';
import { InOrderOfKeys } from '../../lib/scheduler/InOrderOfKeys.js';
import type { Taken } from '../../lib/scheduler/WaitingElements.js';
import { WithinWindow } from '../../lib/scheduler/WithinWindow.js';
import { indicesIn } from '../support/simulate.js';

const range = (start: number, end = start + 1): Range => ({ start, end });
const indices = ({ ranges }: Taken): number[] => ranges.flatMap(indicesIn);

/** Elements of these keys, in the order of the input, taken for one slot unless it is said otherwise. */
function setUp(keys: readonly number[], { onePerKey = false } = {}) {
  const waiting = new InOrderOfKeys(onePerKey);
  const arrive = (more: readonly number[]) => {
    waiting.arrive(more.length, more);
  };
  arrive(keys);
  const take = (count: number, slots = 1): Taken => waiting.take(count, slots);
  return { waiting, arrive, take };
}

describe('elements that wait in the order of their keys', () => {
  it('are none at first', () => {
    const { waiting, take } = setUp([]);
    expect([waiting.size, waiting.width, waiting.delayed]).toEqual([0, 0, 0]);
    expect(take(1).ranges).toEqual([]);
  });

  it('are taken oldest first, as one range if they are next to each other', () => {
    const { waiting, take } = setUp([7, 8, 7, 9]);
    expect([waiting.size, waiting.width]).toEqual([4, 3]);
    expect(take(3)).toMatchObject({ ranges: [range(0, 3)], width: 2 });
    expect([waiting.size, waiting.width]).toEqual([1, 1]);
    expect(take(5).ranges).toEqual([range(3)]);
  });

  it('wait while a batch has others of their key, also if they come later', () => {
    const { waiting, arrive, take } = setUp([7, 7, 8]);
    expect(indices(take(1))).toEqual([0]);
    arrive([7, 8]);
    expect([waiting.size, waiting.width]).toEqual([2, 1]);
    expect(indices(take(5))).toEqual([2, 4]);
    expect([waiting.size, waiting.width]).toEqual([0, 0]);
    expect(take(1).ranges).toEqual([]);
  });

  it('may run once the batch has returned that has others of their key', () => {
    const { waiting, take } = setUp([7, 8, 7, 8, 7]);
    const taken = take(1);
    waiting.release(taken);
    expect([waiting.size, waiting.width]).toEqual([4, 2]);
    expect(indices(take(9))).toEqual([1, 2, 3, 4]);
  });

  it('may run once all others of their key have ended that a batch has, while it goes on', () => {
    const { waiting, take } = setUp([7, 7, 8, 7, 8]);
    const taken = take(3);
    waiting.settle([range(0)], taken);
    expect(waiting.size).toBe(0);
    waiting.settle([range(1)], taken);
    expect(waiting.size).toBe(1);
    expect(indices(take(1))).toEqual([3]);
    // Which is of another batch, so that the return of the first one does not unlock it.
    waiting.release(taken);
    expect([waiting.size, waiting.width]).toEqual([1, 1]);
    expect(indices(take(9))).toEqual([4]);
  });

  it('come before others of their key when they are given back, in their order', () => {
    const { waiting, take } = setUp([7, 7, 7, 7, 8]);
    const taken = take(3);
    waiting.giveBack([range(1, 3)], taken);
    expect(waiting.size).toBe(1);
    waiting.giveBack([range(0)], taken);
    expect(waiting.size).toBe(5);
    expect(indices(take(9))).toEqual([0, 1, 2, 3, 4]);
  });

  it('unlock their key when they are given back, if the batch has no others of it', () => {
    const { waiting, take } = setUp([7, 8, 8, 7, 9]);
    const taken = take(5);
    waiting.giveBack([range(1, 5)], taken);
    expect([waiting.size, waiting.width]).toEqual([3, 2]);
    expect(indices(take(9))).toEqual([1, 2, 4]);
    waiting.release(taken);
    expect(indices(take(9))).toEqual([3]);
  });

  it('leave keys for the other slots, but not elements of their own keys', () => {
    const { take } = setUp([1, 2, 3, 4, 1, 2, 3, 4]);
    expect(take(9, 2)).toMatchObject({ width: 2 });
    expect(indices(take(9, 2))).toEqual([2, 6]);
    expect(indices(take(9, 2))).toEqual([3, 7]);
  });

  it('are taken as oldest first as the keys of a batch allow', () => {
    const { take } = setUp([1, 2, 3, 4, 1, 2, 3, 4]);
    expect(indices(take(3, 2))).toEqual([0, 1, 4]);
  });

  it('wait behind one that is delayed, which goes before them when it is due', () => {
    const { waiting, take } = setUp([7, 7, 8], { onePerKey: true });
    const taken = take(1);
    waiting.delay([range(0)], taken);
    waiting.release(taken);
    expect([waiting.size, waiting.delayed]).toEqual([1, 1]);
    waiting.resume([range(0)]);
    expect([waiting.size, waiting.delayed]).toEqual([2, 0]);
    expect(indices(take(9))).toEqual([0, 2]);
  });

  it('wait for the batch of one that is due before that has returned', () => {
    const { waiting, take } = setUp([7, 7]);
    const taken = take(2);
    waiting.delay([range(0)], taken);
    waiting.resume([range(0)]);
    expect(waiting.size).toBe(0);
    waiting.release(taken);
    expect(indices(take(9))).toEqual([0]);
  });

  it('are one of each key where they may be tried again', () => {
    const { waiting, take } = setUp([7, 7, 8, 7, 8], { onePerKey: true });
    expect([waiting.size, waiting.width]).toEqual([2, 2]);
    const taken = take(9);
    expect(taken).toMatchObject({ ranges: [range(0), range(2)], width: 2 });
    expect(waiting.size).toBe(0);
    waiting.release(taken);
    expect(indices(take(9))).toEqual([1, 4]);
  });

  it('are dropped from the end that is said, whether or not they are locked', () => {
    const { waiting, take } = setUp([7, 8, 7, 9, 8]);
    take(1);
    expect(waiting.backlog).toBe(4);
    expect(waiting.drop(2, 'oldest')).toEqual([range(1), range(2)]);
    expect([waiting.size, waiting.width, waiting.backlog]).toEqual([2, 2, 2]);
    expect(waiting.drop(1, 'newest')).toEqual([range(4)]);
    expect(indices(take(9))).toEqual([3]);
    expect(waiting.drop(1, 'newest')).toEqual([]);
  });

  it('are forgotten when they are cleared, and those that arrive later keep their places', () => {
    const { waiting, arrive, take } = setUp([7, 8]);
    waiting.delay([range(0)], take(1));
    waiting.clear();
    expect([waiting.size, waiting.width, waiting.delayed]).toEqual([0, 0, 0]);
    arrive([7]);
    expect(indices(take(9))).toEqual([2]);
  });

  it('come in order from a queue that is long, and that never becomes empty', () => {
    const { waiting, arrive, take } = setUp([0, 0, 0]);
    const seen: number[] = [];
    for (let turn = 0; turn < 3000; turn++) {
      arrive([0, 0]);
      const taken = take(2);
      seen.push(...indices(taken));
      waiting.release(taken);
    }
    expect(seen).toEqual(Array.from({ length: 6000 }, (_, index) => index));
  });
});

describe.each([
  ['as they are', () => new InOrderOfKeys(false), Infinity],
  ['within a window', (end: number) => new WithinWindow(new InOrderOfKeys(false), end), 4],
])('elements with keys, %s', (_, make, most) => {
  const count = fc.integer({ min: 1, max: 6 });
  const actions = fc.array(
    fc.oneof(
      fc.record({
        type: fc.constant('arrive' as const),
        keys: fc.array(fc.nat(4), { minLength: 1, maxLength: 6 }),
      }),
      fc.record({ type: fc.constant('take' as const), count, slots: count }),
      fc.record({
        type: fc.constantFrom('settle', 'giveBack', 'release' as const),
        batch: fc.nat(3),
      }),
      fc.record({ type: fc.constantFrom('oldest', 'newest', 'move' as const), count }),
    ),
    { maxLength: 40 },
  );

  it('wait for those of their key that came before, and for nothing else, whatever happens', () => {
    fc.assert(
      fc.property(actions, (all) => {
        const waiting = make(most);
        const keys: number[] = [];
        let end = most;
        /** All that nobody has, in the order of the input. */
        let left: number[] = [];
        /** What batches have, and what of it has not left them, in the order in which they were taken. */
        const batches: { readonly taken: Taken; held: number[] }[] = [];
        const isFree = (index: number) =>
          !batches.some(({ held }) => held.some((other) => keys[other] === keys[index]));
        const free = () => left.filter((index) => index < end && isFree(index));
        for (const action of all) {
          if (action.type === 'arrive') {
            for (const key of action.keys) left.push(keys.push(key) - 1);
            waiting.arrive(action.keys.length, action.keys);
          } else if (action.type === 'take') {
            const taken = waiting.take(action.count, Math.min(action.slots, waiting.width));
            const own = indices(taken);
            expect(own).toEqual(
              free()
                .filter((index) => ofKeys(keys, own).has(keys[index]))
                .slice(0, own.length),
            );
            expect(own[0]).toBe(free()[0]);
            left = left.filter((index) => !own.includes(index));
            batches.push({ taken, held: own });
          } else if ('batch' in action) {
            const batch = batches[action.batch];
            if (!batch) continue;
            const { taken, held } = batch;
            const ranges = (some: readonly number[]) => some.map((index) => range(index));
            if (action.type === 'settle') {
              waiting.settle(ranges(held.slice(0, 1)), taken);
              batch.held = held.slice(1);
            } else {
              const back = held.slice(1);
              waiting.giveBack(ranges(back), taken);
              left = [...left, ...back].sort((a, b) => a - b);
              batch.held = held.slice(0, 1);
            }
            if (action.type !== 'release') continue;
            waiting.release(taken);
            batches.splice(action.batch, 1);
          } else if (action.type === 'move') {
            if ('moveTo' in waiting) waiting.moveTo((end += action.count));
          } else {
            const dropped = waiting.drop(action.count, action.type as 'oldest').flatMap(indicesIn);
            const { type, count } = action;
            const expected = type === 'oldest' ? left.slice(0, count) : left.slice(-count);
            expect(dropped.sort((a, b) => a - b)).toEqual(expected);
            left = left.filter((index) => !dropped.includes(index));
          }
          expect(waiting.backlog).toBe(left.length);
          expect(waiting.size).toBe(free().length);
          expect(waiting.width).toBe(ofKeys(keys, free()).size);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function ofKeys(keys: readonly number[], indices: readonly number[]): Set<number | undefined> {
  return new Set(indices.map((index) => keys[index]));
}
