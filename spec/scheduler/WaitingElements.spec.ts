import type { Range } from '../../lib/scheduler/facts.js';
import { DearestFirst } from '../../lib/scheduler/DearestFirst.js';
import { InInputOrder } from '../../lib/scheduler/InInputOrder.js';
import { indicesIn } from '../support/simulate.js';

const range = (start: number, end = start + 1): Range => ({ start, end });

describe('elements that wait in input order', () => {
  let waiting: InInputOrder;
  beforeEach(() => (waiting = new InInputOrder()));

  it('are none at first', () => {
    expect(waiting.size).toBe(0);
    expect(waiting.take(1).ranges).toEqual([]);
  });

  it('are taken in the order of the input, as one range if they are next to each other', () => {
    waiting.arrive(2);
    waiting.arrive(2);
    expect(waiting.size).toBe(4);
    expect(waiting.take(3).ranges).toEqual([range(0, 3)]);
    expect(waiting.take(1).ranges).toEqual([range(3)]);
    expect(waiting.size).toBe(0);
  });

  it('are taken as far as there are any', () => {
    waiting.arrive(2);
    expect(waiting.take(5).ranges).toEqual([range(0, 2)]);
    expect(waiting.take(5).ranges).toEqual([]);
  });

  it('are taken oldest first when some were given back, whatever the order in which they were', () => {
    waiting.arrive(9);
    waiting.take(8);
    waiting.giveBack([range(5, 7)]);
    waiting.giveBack([range(3), range(0)]);
    waiting.giveBack([]);
    expect(waiting.size).toBe(5);
    expect(waiting.take(2).ranges).toEqual([range(0), range(3)]);
    expect(waiting.take(1).ranges).toEqual([range(5)]);
    expect(waiting.take(2).ranges).toEqual([range(6), range(8)]);
  });

  it('can be given back more than once', () => {
    waiting.arrive(1);
    for (let time = 0; time < 3; time++) {
      expect(waiting.take(1).ranges).toEqual([range(0)]);
      waiting.giveBack([range(0)]);
    }
    expect(waiting.size).toBe(1);
  });

  it('are forgotten when they are cleared, and those that arrive later keep their places', () => {
    waiting.arrive(3);
    const taken = waiting.take(1);
    waiting.giveBack(taken.ranges);
    waiting.clear();
    expect(waiting.size).toBe(0);
    waiting.arrive(1);
    expect(waiting.take(2).ranges).toEqual([range(3)]);
  });
});

describe('elements that wait dearest first', () => {
  let waiting: DearestFirst;
  const take = (count: number): number[] => waiting.take(count).ranges.flatMap(indicesIn);
  beforeEach(() => (waiting = new DearestFirst()));

  it('are none at first', () => {
    expect(waiting.size).toBe(0);
    expect(waiting.take(1).ranges).toEqual([]);
  });

  it('are taken by falling cost', () => {
    waiting.arrive(4, [2, 9, 1, 5]);
    expect(take(2)).toEqual([1, 3]);
    expect(waiting.size).toBe(2);
    expect(take(9)).toEqual([0, 2]);
  });

  it('are taken in input order where they cost the same', () => {
    waiting.arrive(5, [1, 1, 2, 1, 2]);
    expect(take(5)).toEqual([2, 4, 0, 1, 3]);
  });

  it('take their place among those that wait already', () => {
    waiting.arrive(2, [3, 1]);
    waiting.arrive(2, [2, 4]);
    expect(take(4)).toEqual([3, 0, 2, 1]);
  });

  it('take their place again when they were given back', () => {
    waiting.arrive(5, [5, 4, 3, 2, 1]);
    const taken = waiting.take(4);
    waiting.giveBack([range(2, 4), range(0)], taken);
    expect(waiting.size).toBe(4);
    expect(take(4)).toEqual([0, 2, 3, 4]);
  });

  it('are forgotten when they are cleared, and those that arrive later keep their places', () => {
    waiting.arrive(2, [1, 2]);
    waiting.clear();
    expect(waiting.size).toBe(0);
    waiting.arrive(2, [1, 2]);
    expect(take(4)).toEqual([3, 2]);
  });
});
