import { WaitingElements } from '../../lib/scheduler/WaitingElements.js';

describe('the waiting elements of a lane', () => {
  let waiting: WaitingElements;
  beforeEach(() => (waiting = new WaitingElements()));

  it('are none at first', () => {
    expect(waiting.size).toBe(0);
    expect(waiting.take(1)).toEqual([]);
  });

  it('are taken in the order of the input', () => {
    waiting.arrive(2);
    waiting.arrive(1);
    expect(waiting.size).toBe(3);
    expect(waiting.take(2)).toEqual([0, 1]);
    expect(waiting.take(1)).toEqual([2]);
    expect(waiting.size).toBe(0);
  });

  it('are taken as far as there are any', () => {
    waiting.arrive(2);
    expect(waiting.take(5)).toEqual([0, 1]);
  });

  it('are taken oldest first when some were given back, whatever the order in which they were', () => {
    waiting.arrive(6);
    waiting.take(5);
    waiting.giveBack([3]);
    waiting.giveBack([2, 0]);
    waiting.giveBack([]);
    expect(waiting.size).toBe(4);
    expect(waiting.take(2)).toEqual([0, 2]);
    expect(waiting.take(2)).toEqual([3, 5]);
  });

  it('can be given back more than once', () => {
    waiting.arrive(1);
    for (let time = 0; time < 3; time++) {
      expect(waiting.take(1)).toEqual([0]);
      waiting.giveBack([0]);
    }
    expect(waiting.size).toBe(1);
  });

  it('are forgotten when they are cleared, and those that arrive later keep their places', () => {
    waiting.arrive(3);
    waiting.giveBack(waiting.take(1));
    waiting.clear();
    expect(waiting.size).toBe(0);
    waiting.arrive(1);
    expect(waiting.take(2)).toEqual([3]);
  });
});
