import { TimeoutWatch } from '../../lib/executors/TimeoutWatch.js';
import type { Settled } from '../../lib/executors/Executor.js';

const TIMEOUT = 100;
const GRACE = 200;

/** A batch of ten elements, at the places from 40 on, and what is done to it. */
function setUp() {
  const log: string[] = [];
  let running: { position: number; since: number } | undefined;
  const watch = new TimeoutWatch(TIMEOUT, [{ start: 40, end: 50 }], {
    running: () =>
      running && { position: running.position, elapsed: performance.now() - running.since },
    expire: (position) => log.push(`expire ${position}`),
    end: (position) => log.push(`end ${position}`),
  });
  const start = (position: number): void => {
    running = { position, since: performance.now() };
  };
  const stop = (): void => {
    running = undefined;
  };
  const pass = (time: number): void => {
    jest.advanceTimersByTime(time);
  };
  /** What was done since the last call. */
  const news = (): string[] => log.splice(0);
  return { watch, start, stop, pass, news };
}

const outcomes = (from: number, values: Settled['values']): Settled => {
  return { from, values, failures: [], durations: undefined };
};

describe('the watch over a batch', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('expires an element as soon as its time is over, and ends it after the grace', () => {
    const { start, pass, news } = setUp();
    start(3);
    pass(TIMEOUT - 1);
    expect(news()).toEqual([]);
    pass(1);
    expect(news()).toEqual(['expire 3']);
    pass(GRACE - 1);
    expect(news()).toEqual([]);
    pass(1);
    expect(news()).toEqual(['end 3']);
    pass(10 * GRACE);
    expect(news()).toEqual([]); // once is enough, however long the slot takes to end
  });

  it('counts from the start of each element, not from when the batch was handed over', () => {
    const { start, stop, pass, news } = setUp();
    pass(10 * TIMEOUT - 1);
    start(0);
    pass(TIMEOUT - 1);
    stop();
    start(1);
    pass(TIMEOUT - 1);
    expect(news()).toEqual([]);
    pass(1);
    expect(news()).toEqual(['expire 1']);
  });

  it('takes no element to be over time that has ended when it comes to look', () => {
    const { watch, start, stop, pass, news } = setUp();
    start(0);
    stop();
    pass(5 * TIMEOUT);
    expect(news()).toEqual([]);
    expect(watch.lossAt(0)).toBeUndefined();
  });

  it('goes on with the next element after one that was over time and ended', () => {
    const { start, pass, news } = setUp();
    start(0);
    pass(TIMEOUT + 1);
    start(1);
    expect(news()).toEqual(['expire 0']);
    pass(TIMEOUT - 1);
    expect(news()).toEqual([]);
    pass(1);
    expect(news()).toEqual(['expire 1']);
    pass(GRACE);
    expect(news()).toEqual(['end 1']);
  });

  it('does nothing once the batch has returned, and leaves no timer', () => {
    const { watch, start, pass, news } = setUp();
    start(0);
    watch.stop();
    pass(10 * TIMEOUT);
    expect(news()).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('replaces what elements over time gave, and leaves the others alone', () => {
    const { watch, start, pass } = setUp();
    start(3);
    pass(TIMEOUT);
    const before = outcomes(0, ['a', 'b', 'c']);
    expect(watch.judge(before)).toBe(before);
    const cause = { position: 4, reason: new Error('its own') as never };
    const late = { position: 3, reason: new Error('late') as never };
    const judged = watch.judge({
      ...outcomes(2, new Float64Array([1, 2, 3])),
      failures: [cause, late],
    });
    expect(judged.values).toEqual([1, undefined, 3]);
    expect(judged.failures).toMatchObject([
      cause,
      { position: 3, reason: { name: 'TaskTimeoutError', index: 43, timeout: TIMEOUT } },
    ]);
  });
});
