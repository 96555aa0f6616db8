import { TaskError, TaskTimeoutError, WorkerCrashedError } from '../../lib/errors.js';
import type { ParallelError } from '../../lib/errors.js';
import type { Settled } from '../../lib/executors/Executor.js';
import { Retries } from '../../lib/pool/Retries.js';
import type { RetryPolicy } from '../../lib/pool/retryOptions.js';

const failure = (index: number): TaskError => new TaskError(index, new Error('no'));
const crash = (index: number): WorkerCrashedError => new WorkerCrashedError(index, { exitCode: 7 });

/** Elements from 100 on, in one batch. */
const RANGES = [{ start: 100, end: 200 }];

function setUp(policy: Partial<RetryPolicy> = {}) {
  const resumed: string[] = [];
  const retries = new Retries(
    { count: 3, delayAfter: () => 0, isWorthATry: () => true, ...policy },
    (ranges) => resumed.push(ranges.map(({ start }) => start).join()),
  );
  /** An element fails: after how long it is tried again, or with what it ends. */
  const fail = (index: number, reason: ParallelError): number | ParallelError => {
    const settled = outcomes(index - 100, [undefined], { [index - 100]: reason });
    const { ended, again } = retries.sift(RANGES, [settled]);
    return again[0]?.after ?? ended[0]!.failures[0]!.reason;
  };
  return { retries, resumed, fail };
}

function outcomes(
  from: number,
  values: Settled['values'],
  failures: Readonly<Record<number, ParallelError>> = {},
): Settled {
  return {
    from,
    values,
    failures: Object.entries(failures).map(([position, reason]) => ({
      position: Number(position),
      reason,
    })),
    durations: Array.from(values, (_, nth) => from + nth),
  };
}

describe('the retries of a call', () => {
  it('try an element as often as the call says, and then let it fail with the last failure', () => {
    const { retries, fail } = setUp({ count: 2 });
    const last = failure(101);
    expect([fail(101, failure(101)), fail(101, failure(101)), fail(101, last)]).toEqual([
      0,
      0,
      last,
    ]);
    expect(fail(101, last)).toBe(last);
    expect(retries.finish(101)).toBe(3);
  });

  it('count the tries of each element by itself', () => {
    const { retries, fail } = setUp();
    fail(101, failure(101));
    fail(102, failure(102));
    fail(101, failure(101));
    expect([101, 102, 103].map((index) => retries.finish(index))).toEqual([3, 2, 1]);
  });

  it('ask for each failure whether it is worth a try, and how long to wait', () => {
    const delayAfter = jest.fn((_: ParallelError, attempt: number) => 10 * attempt);
    const timeout = new TaskTimeoutError(101, 5);
    const { fail } = setUp({ delayAfter, isWorthATry: (error) => error !== timeout });
    const first = failure(101);
    expect([fail(101, first), fail(101, crash(101)), fail(101, timeout)]).toEqual([
      10,
      20,
      timeout,
    ]);
    expect(delayAfter).toHaveBeenCalledWith(first, 1);
  });

  it('give up an element with which three workers ended, whatever came in between', () => {
    const isWorthATry = jest.fn(() => true);
    const { fail } = setUp({ count: Infinity, isWorthATry });
    fail(101, crash(101));
    fail(101, failure(101));
    fail(101, crash(101));
    fail(101, failure(101));
    const asked = isWorthATry.mock.calls.length;
    expect(fail(101, crash(101))).toMatchObject({
      name: 'WorkerCrashedError',
      index: 101,
      exitCode: 7,
      when: 'quarantined',
      message: expect.stringContaining('Every worker that ran element 101 ended') as unknown,
    });
    expect(isWorthATry).toHaveBeenCalledTimes(asked);
  });

  it('count workers that were ended since the element was over its time and did not stop', () => {
    const { fail } = setUp({ count: Infinity });
    const stopped = new TaskTimeoutError(101, 5);
    const ended = new TaskTimeoutError(101, 5, 'workerEnded');
    for (const error of [stopped, ended, stopped, crash(101), stopped]) {
      expect(fail(101, error)).toBe(0);
    }
    expect(fail(101, ended)).toMatchObject({
      name: 'TaskTimeoutError',
      index: 101,
      timeout: 5,
      workerEnded: true,
      message: expect.stringContaining('is not tried again') as unknown,
    });
  });

  it('let go of what has ended', () => {
    const { retries, fail } = setUp({ count: 1 });
    fail(101, failure(101));
    retries.forget([{ start: 101, end: 102 }]);
    expect(fail(101, failure(101))).toBe(0);
  });

  describe('cut what is tried again out of the outcomes', () => {
    it('and leave the rest as it was', () => {
      const { retries } = setUp();
      const given = outcomes(2, new Float64Array([2, 3, 4, 5, 6]), {
        3: failure(103),
        6: failure(106),
      });
      const { ended, again } = retries.sift(RANGES, [given]);
      expect(ended).toEqual([
        outcomes(2, new Float64Array([2])),
        outcomes(4, new Float64Array([4, 5])),
      ]);
      expect(again).toEqual([
        {
          after: 0,
          ranges: [
            { start: 103, end: 104 },
            { start: 106, end: 107 },
          ],
        },
      ]);
    });

    it('and keep the failures that are final', () => {
      const final = failure(105);
      const { retries } = setUp({ isWorthATry: (error) => error !== final });
      const given = outcomes(4, [undefined, undefined], { 4: failure(104), 5: final });
      const { ended } = retries.sift(RANGES, [given]);
      expect(ended).toEqual([outcomes(5, [undefined], { 5: final })]);
    });

    it('and do nothing to outcomes without a failure', () => {
      const { retries } = setUp();
      const given = outcomes(0, ['a', 'b']);
      expect(retries.sift(RANGES, [given]).ended[0]!.values).toBe(given.values);
    });

    it('in any order in which failures come', () => {
      const { retries } = setUp();
      const given = {
        ...outcomes(0, [undefined, 'b', undefined]),
        failures: [
          { position: 2, reason: failure(102) },
          { position: 0, reason: failure(100) },
        ],
      };
      const { ended } = retries.sift(RANGES, [given]);
      expect(ended).toEqual([outcomes(1, ['b'])]);
    });
  });

  describe('in time', () => {
    beforeEach(() => jest.useFakeTimers());
    afterEach(() => jest.useRealTimers());

    const again = (after: number, start: number) => ({
      after,
      ranges: [{ start, end: start + 1 }],
    });

    it('try each again after its own delay, and at once without one', () => {
      const { retries, resumed } = setUp();
      retries.schedule([again(100, 101), again(0, 102), again(50, 103)]);
      expect(resumed).toEqual(['102']);
      jest.advanceTimersByTime(50);
      expect(resumed).toEqual(['102', '103']);
      jest.advanceTimersByTime(50);
      expect(resumed).toEqual(['102', '103', '101']);
    });

    it('leave no timer behind when the call has ended', () => {
      const { retries, resumed } = setUp();
      retries.schedule([again(100, 101), again(50, 103)]);
      retries.clear();
      expect(jest.getTimerCount()).toBe(0);
      expect(resumed).toEqual([]);
    });
  });
});
