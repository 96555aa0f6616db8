import { LEAST_IN_ORDER, MOST_PER_WORKER, Window } from '../../lib/pool/Window.js';

const OPTIONS = {
  workers: 2,
  perWorker: 1,
  batchSize: undefined,
  ordered: false,
  atMost: undefined,
};

describe('how many elements may be on their way', () => {
  it.each([
    ['four for each worker while nothing is known', {}, undefined, 8],
    ['four batches for each, where the call says how large', { batchSize: 50 }, undefined, 400],
    ['four for each that a worker runs at once', { perWorker: 10 }, undefined, 80],
    ['as many as take 24 ms on each', {}, 0.1, 480],
    ['no fewer than four for each, however long they take', {}, 1000, 8],
    ['no more than the longest batches need', {}, 1e-5, 2 * MOST_PER_WORKER],
    ['in order, enough for one that takes very long', { ordered: true }, 1000, 2 * LEAST_IN_ORDER],
    ['no more than the call says', { atMost: 3 }, 0.1, 3],
    ['in order, no more than the call says', { ordered: true, atMost: 1 }, 0.1, 1],
  ])('%s', (_what, options, pace, size) => {
    expect(new Window({ ...OPTIONS, ...options }, pace).size).toBe(size);
  });

  it('follows what is measured', () => {
    const window = new Window(OPTIONS, undefined);
    window.measured(1);
    expect(window.size).toBe(48);
    window.measured(8);
    expect(window.size).toBe(8);
  });

  it('moves in steps of an eighth', () => {
    const window = new Window({ ...OPTIONS, atMost: 16 }, 0.001);
    expect(window.end).toBe(16);
    expect([1, 2, 3, 4, 20].map((next) => window.moveTo(next))).toEqual([
      undefined,
      18,
      undefined,
      20,
      36,
    ]);
  });

  it('moves with each element where it is small', () => {
    const window = new Window({ ...OPTIONS, atMost: 1 }, 0.001);
    expect([1, 1, 2].map((next) => window.moveTo(next))).toEqual([2, undefined, 3]);
  });
});
