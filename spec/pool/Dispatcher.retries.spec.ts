/** How the pool tries again what failed, step by step. */
import { TaskError, WorkerCrashedError } from '../../lib/index.js';
import { Dispatcher } from '../../lib/pool/Dispatcher.js';
import type { LaneObserver } from '../../lib/pool/LaneOptions.js';
import { readRetry } from '../../lib/pool/retryOptions.js';
import type { SettledElement } from '../../lib/pool/SettledElement.js';
import { LANE_OPTIONS } from '../support/laneOptions.js';
import { ManualExecutor } from '../support/manualExecutor.js';
import { noting } from '../support/noting.js';

const no = (index: number): TaskError => new TaskError(index, new Error('no'));

interface Call {
  readonly settled: boolean;
  readonly values: readonly unknown[];
  readonly observe: Partial<LaneObserver>;
}

/** A pool of one slot, with a call that is open on it. */
async function setUp(
  retry: unknown,
  { settled = false, values = ['a', 'b'], observe = {} }: Partial<Call> = {},
) {
  const executor = new ManualExecutor();
  const dispatcher = new Dispatcher({ executor, size: 1, idleTimeout: Infinity });
  const { log } = executor;
  const options = { ...LANE_OPTIONS, settled, retry: readRetry('spec', retry) };
  const lane = dispatcher.openLane(options, { ...noting(log), ...observe });
  lane.pushAll(values);
  lane.end();
  await executor.opened(0);
  log.length = 0;
  /** What was noted since the last call. */
  const news = (): string[] => log.splice(0);
  return { executor, dispatcher, lane, news };
}

type SetUp = Awaited<ReturnType<typeof setUp>>;

describe('a pool, with retry', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('goes on with the call after a failure, and tries the element before those that come later', async () => {
    const { executor, news } = await setUp(1, { values: ['a', 'b', 'c'] });
    executor.fail(0, no(0));
    expect(news()).toEqual(['run 0: 1']);
    executor.finish(0);
    executor.finish(0);
    executor.finish(0);
    expect(news()).toEqual(['run 0: 0', 'next b', 'run 0: 2', 'next a', 'next c', 'complete']);
  });

  it('fails the call with the last failure', async () => {
    const error = jest.fn();
    const { executor, news } = await setUp(2, { values: ['a'], observe: { error } });
    const last = no(0);
    executor.fail(0, no(0));
    executor.fail(0, no(0));
    expect(news()).toEqual(['run 0: 0', 'run 0: 0']);
    executor.fail(0, last);
    expect(error).toHaveBeenCalledWith(last);
  });

  it('tells how often each element was tried, where failures are results', async () => {
    const results: SettledElement<unknown>[] = [];
    const next: LaneObserver['next'] = (some, from, to) => {
      results.push(...(Array.from(some).slice(from, to) as SettledElement<unknown>[]));
    };
    const { executor } = await setUp(1, { settled: true, observe: { next } });
    executor.fail(0, no(0));
    executor.finish(0);
    executor.finish(0);
    expect(results.map(({ index, attempts, status }) => [index, attempts, status])).toEqual([
      [1, 1, 'fulfilled'],
      [0, 2, 'fulfilled'],
    ]);
  });

  it('waits for the delay before the next try, and runs others meanwhile', async () => {
    const { executor, news } = await setUp({ count: 1, delay: 50 });
    executor.fail(0, no(0));
    executor.finish(0);
    expect(news()).toEqual(['run 0: 1', 'next b']);
    jest.advanceTimersByTime(49);
    expect(news()).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(news()).toEqual(['run 0: 0']);
    executor.finish(0);
    expect(news()).toEqual(['next a', 'complete']);
  });

  it('tries again what lost its slot, on another one', async () => {
    const { executor, news } = await setUp(1, { values: ['a'] });
    executor.lost(0, new WorkerCrashedError(0, { exitCode: 7 }));
    expect(news()).toEqual(['open 1']);
    await executor.opened(1);
    executor.finish(1);
    expect(news()).toEqual(['run 1: 0', 'next a', 'complete']);
  });

  it.each([
    ['cancelled', async ({ lane }: SetUp) => lane.cancel()],
    ['failed by a signal', async ({ lane }: SetUp) => lane.fail('enough')],
    ['destroyed', async ({ dispatcher }: SetUp) => dispatcher.destroy()],
  ])('leaves no timer behind when it is %s while an element waits', async (_, end) => {
    const all = await setUp({ count: 1, delay: 50 }, { values: ['a'] });
    all.executor.fail(0, no(0));
    expect(jest.getTimerCount()).toBe(1);
    await end(all);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('waits with its close() for elements that are delayed', async () => {
    const { executor, dispatcher, news } = await setUp({ count: 1, delay: 50 }, { values: ['a'] });
    executor.fail(0, no(0));
    const closed = dispatcher.close();
    jest.advanceTimersByTime(50);
    executor.finish(0);
    await closed;
    expect(news()).toEqual(['run 0: 0', 'next a', 'complete', 'close 0']);
  });

  describe('asks the functions of the call', () => {
    it('and tries nothing again that is not worth it', async () => {
      const on = jest.fn(() => false);
      const { executor, news } = await setUp({ count: 9, on });
      const reason = no(0);
      executor.fail(0, reason);
      expect(on).toHaveBeenCalledWith(reason);
      expect(news()).toEqual(['error TaskError']);
    });

    it.each([
      ['on', { on: () => 'yes' }, 'retry.on(error) must give true or false, but gave "yes"'],
      [
        'delay',
        { delay: () => -1 },
        'retry.delay(error, attempt) must give milliseconds from 0 to 2147483647, but gave -1',
      ],
      [
        'delay',
        { delay: () => NaN },
        'retry.delay(error, attempt) must give milliseconds from 0 to 2147483647, but gave NaN',
      ],
    ])('and fails it when %s gives nonsense', async (_, options, message) => {
      const error = jest.fn();
      const { executor } = await setUp({ count: 9, ...options }, { observe: { error } });
      executor.fail(0, no(0));
      expect(error).toHaveBeenCalledWith(new TypeError(message));
    });

    it.each(['on', 'delay'])('and fails it with what %s throws', async (name) => {
      const thrown = new Error('thrown by its user');
      const options = {
        count: 9,
        [name]: () => {
          throw thrown;
        },
      };
      const error = jest.fn();
      const { executor, news } = await setUp(options, { observe: { error } });
      executor.fail(0, no(0));
      expect(error).toHaveBeenCalledWith(thrown);
      expect(news()).toEqual([]);
    });

    it('and starts nothing more when they end the call', async () => {
      const end: { lane?: { cancel(): void } } = {};
      const on = (): boolean => {
        end.lane!.cancel();
        return true;
      };
      const { executor, lane, news } = await setUp({ count: 9, on });
      end.lane = lane;
      executor.fail(0, no(0));
      expect(news()).toEqual([]);
    });
  });
});
