import * as fc from 'fast-check';
import type { Range } from '../../lib/scheduler/facts.js';
import { DearestFirst } from '../../lib/scheduler/DearestFirst.js';
import { InInputOrder } from '../../lib/scheduler/InInputOrder.js';
import { InOrderOfKeys } from '../../lib/scheduler/InOrderOfKeys.js';
import { countOf } from '../../lib/scheduler/ranges.js';
import { WithinWindow } from '../../lib/scheduler/WithinWindow.js';
import { indicesIn } from '../support/simulate.js';

const range = (start: number, end = start + 1): Range => ({ start, end });

describe('elements that wait within a window', () => {
  it('are those before its end; the others are to wait later', () => {
    const waiting = new WithinWindow(new InInputOrder(), 3);
    waiting.arrive(5);
    expect([waiting.size, waiting.delayed, waiting.backlog]).toEqual([3, 2, 5]);
    expect(waiting.take(9, 1).ranges).toEqual([range(0, 3)]);
    waiting.moveTo(4);
    expect([waiting.size, waiting.delayed, waiting.backlog]).toEqual([1, 1, 2]);
    expect(waiting.take(9, 1).ranges).toEqual([range(3)]);
  });

  it('become more as it moves, and never fewer', () => {
    const waiting = new WithinWindow(new InInputOrder(), 2);
    waiting.moveTo(4);
    waiting.moveTo(3);
    waiting.arrive(9);
    expect(waiting.size).toBe(4);
  });

  it('keep their costs', () => {
    const waiting = new WithinWindow(new DearestFirst(), 2);
    waiting.arrive(4, [1, 2, 3, 4]);
    expect(waiting.take(1, 1).ranges).toEqual([range(1)]);
    waiting.moveTo(4);
    expect(waiting.take(3, 1).ranges).toEqual([range(3), range(2), range(0)]);
    expect(waiting.isByCost).toBe(true);
  });

  it('keep their keys, also where some between them were dropped', () => {
    const waiting = new WithinWindow(new InOrderOfKeys(false), 2);
    waiting.arrive(6, [7, 8, 8, 9, 9, 7]);
    expect(waiting.drop(1, 'newest')).toEqual([range(5)]);
    expect([waiting.size, waiting.width]).toEqual([2, 2]);
    waiting.arrive(1, [8]);
    const taken = waiting.take(2, 1);
    waiting.moveTo(7);
    expect([waiting.size, waiting.width]).toEqual([2, 1]);
    waiting.settle([range(1)], taken);
    expect(waiting.take(9, 1).ranges).toEqual([range(2, 5), range(6)]);
    waiting.release(taken);
    expect([waiting.size, waiting.backlog]).toEqual([0, 0]);
  });

  it('can be given back and delayed as others', () => {
    const waiting = new WithinWindow(new InInputOrder(), 3);
    waiting.arrive(4);
    const taken = waiting.take(3, 1);
    waiting.giveBack([range(1)], taken);
    waiting.delay([range(0)], taken);
    expect([waiting.size, waiting.delayed]).toEqual([1, 2]);
    waiting.resume([range(0)]);
    expect(waiting.take(3, 1).ranges).toEqual([range(0), range(1)]);
  });

  it('are forgotten when they are cleared', () => {
    const waiting = new WithinWindow(new InInputOrder(), 3);
    waiting.arrive(5);
    waiting.clear();
    expect([waiting.size, waiting.delayed, waiting.backlog]).toEqual([0, 0, 0]);
  });
});

/** Takes, drops and moves at random, and says which elements came out how. */
describe.each([
  ['in input order', () => new InInputOrder(), Infinity],
  ['within a window', (end: number) => new WithinWindow(new InInputOrder(), end), 4],
])('elements that wait %s and are too many', (_kind, make, most) => {
  const actions = fc.array(
    fc.oneof(
      fc.record({ type: fc.constant('arrive' as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ type: fc.constant('take' as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ type: fc.constant('giveBack' as const), count: fc.nat(3) }),
      fc.record({ type: fc.constant('move' as const), count: fc.nat(5) }),
      fc.record({
        type: fc.constantFrom('oldest' as const, 'newest' as const),
        count: fc.integer({ min: 1, max: 5 }),
      }),
    ),
    { maxLength: 30 },
  );

  it('are dropped from the end that is said, and keep the places of the others', () => {
    fc.assert(
      fc.property(actions, (all) => {
        const waiting = make(most);
        /** All that nobody has, in the order of the input; and where the window ends. */
        let left: number[] = [];
        let taken: number[] = [];
        let arrived = 0;
        let end = most;
        for (const { type, count } of all) {
          if (type === 'arrive') {
            for (let nth = 0; nth < count; nth++) left.push(arrived++);
            waiting.arrive(count);
          } else if (type === 'take') {
            const own = waiting.take(count, 1).ranges.flatMap(indicesIn);
            expect(own).toEqual(left.filter((index) => index < end).slice(0, count));
            left = left.filter((index) => !own.includes(index));
            taken.push(...own);
          } else if (type === 'giveBack') {
            const back = taken.slice(0, count);
            taken = taken.slice(count);
            const ranges = back.map((index) => range(index));
            waiting.giveBack(ranges, { ranges, count, width: count });
            left = [...left, ...back].sort((a, b) => a - b);
          } else if (type === 'move') {
            if ('moveTo' in waiting) waiting.moveTo((end += count));
          } else {
            const dropped = waiting.drop(count, type).flatMap(indicesIn);
            const expected = type === 'oldest' ? left.slice(0, count) : left.slice(-count);
            expect(dropped.sort((a, b) => a - b)).toEqual(expected);
            left = left.filter((index) => !dropped.includes(index));
          }
          expect(waiting.backlog).toBe(left.length);
          expect(waiting.size).toBe(left.filter((index) => index < end).length);
        }
        expect(countOf(waiting.take(Infinity, 1).ranges)).toBe(
          left.filter((index) => index < end).length,
        );
      }),
      { numRuns: 2000 },
    );
  });
});
