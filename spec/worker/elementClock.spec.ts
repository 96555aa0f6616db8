import { makeClock, readClock, resetClock, stopwatchOf } from '../../lib/worker/elementClock.js';

describe('the clock of elements', () => {
  it('shows nothing before the first element, and after each', () => {
    const clock = makeClock();
    const stopwatch = stopwatchOf(clock, 1);
    expect(readClock(clock, 1)).toBeUndefined();
    stopwatch.start(0);
    expect(readClock(clock, 1)).toMatchObject({ position: 0 });
    stopwatch.stop();
    expect(readClock(clock, 1)).toBeUndefined();
  });

  it('shows each batch by itself', () => {
    const clock = makeClock();
    stopwatchOf(clock, 0).start(5);
    stopwatchOf(clock, 1).start(7);
    expect(readClock(clock, 0)).toMatchObject({ position: 5 });
    expect(readClock(clock, 1)).toMatchObject({ position: 7 });
    resetClock(clock, 0);
    expect(readClock(clock, 0)).toBeUndefined();
    expect(readClock(clock, 1)).toMatchObject({ position: 7 });
  });

  // 2^31 milliseconds are what a cell holds.
  it.each([0.25, 1000, 2 ** 31 - 3, 2 ** 32 - 1, 5 * 2 ** 31 + 7])(
    'tells how long it has run, never more than that: started at %d',
    (started) => {
      const clock = makeClock();
      stopwatchOf(clock, 0, () => started).start(3);
      expect(readClock(clock, 0, () => Math.floor(started) + 10.5)).toEqual({
        position: 3,
        elapsed: Number.isInteger(started) ? 10 : 9,
      });
    },
  );
});
