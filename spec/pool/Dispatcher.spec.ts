import { PoolClosedError, TaskError, WorkerCrashedError } from '../../lib/index.js';
import { LastingFailure } from '../../lib/executors/Executor.js';
import { Dispatcher } from '../../lib/pool/Dispatcher.js';
import { LANE_OPTIONS } from '../support/laneOptions.js';
import { ManualExecutor } from '../support/manualExecutor.js';
import { noting } from '../support/noting.js';

const crash = new WorkerCrashedError(0, { exitCode: 7 });

function setUp({ size = 2, idleTimeout = Infinity } = {}) {
  const executor = new ManualExecutor();
  const dispatcher = new Dispatcher({ executor, size, idleTimeout });
  const { log } = executor;
  const open = (
    values: readonly unknown[],
    { concurrency = 2, name = '', settled = false } = {},
  ) => {
    const options = { ...LANE_OPTIONS, concurrency, settled };
    const lane = dispatcher.openLane(options, noting(log, name));
    lane.pushAll(values);
    lane.end();
    return lane;
  };
  /** What was noted since the last call. */
  const news = (): string[] => log.splice(0);
  return { executor, dispatcher, open, news };
}

describe('a pool', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('refills a slot before it delivers the results', async () => {
    const { executor, open, news } = setUp({ size: 1 });
    open(['a', 'b']);
    await executor.opened(0);
    expect(news()).toEqual(['open 0', 'run 0: 0']);
    executor.finish(0);
    expect(news()).toEqual(['run 0: 1', 'next a']);
    executor.finish(0);
    expect(news()).toEqual(['next b', 'complete']);
  });

  it('delivers a failure before it refills the slot, which gets nothing more of that lane', async () => {
    const { executor, open, news } = setUp({ size: 1 });
    open(['a', 'b']);
    await executor.opened(0);
    news();
    executor.fail(0, new TaskError(0, new Error()));
    expect(news()).toEqual(['error TaskError']);
  });

  it('starts nothing of a lane that is cancelled by one of its results', async () => {
    const { executor, dispatcher, news } = setUp({ size: 1 });
    const options = { ...LANE_OPTIONS, concurrency: 1 };
    const { log } = executor;
    const lane = dispatcher.openLane(options, {
      ...noting(log),
      next: () => {
        lane.cancel();
      },
    });
    lane.pushAll(['a', 'b', 'c']);
    await executor.opened(0);
    news();
    executor.finish(0);
    expect(news()).toEqual(['run 0: 1', 'abort 0']);
    executor.giveBack(0);
    expect(news()).toEqual([]);
  });

  it('completes two lanes that end at the same moment, also while it is closing', async () => {
    const { executor, dispatcher, open, news } = setUp({ size: 1 });
    open([], { name: 'A ' });
    const lane = open(['a'], { name: 'B ' });
    await executor.opened(0);
    const closed = dispatcher.close();
    news();
    executor.finish(0);
    await closed;
    expect(news()).toEqual(['B next a', 'B complete', 'close 0']);
    expect(lane.isOpen).toBe(false);
  });

  describe('whose slot is lost', () => {
    it('fails what was running, and runs on a new slot what was not', async () => {
      const { executor, open, news } = setUp({ size: 1 });
      open(['a', 'b'], { settled: true });
      await executor.opened(0);
      news();
      executor.lost(0, crash);
      expect(news()).toEqual(['open 1', 'next [object Object]']);
      await executor.opened(1);
      executor.finish(1);
      expect(news()).toEqual(['run 1: 1', 'next [object Object]', 'complete']);
    });

    it('hands an element that was not started to another slot', async () => {
      const { executor, open, news } = setUp({ size: 1 });
      open(['a']);
      await executor.opened(0);
      news();
      executor.lost(0, crash, false);
      await executor.opened(1);
      executor.finish(1);
      expect(news()).toEqual(['open 1', 'run 1: 0', 'next a', 'complete']);
    });

    it('fails what waits, with the reason, when three slots in a row cannot be had', async () => {
      const { executor, open, news } = setUp({ size: 1 });
      open(['a', 'b']);
      await executor.failed(0, crash);
      jest.advanceTimersByTime(100);
      await executor.failed(1, crash);
      jest.advanceTimersByTime(199);
      expect(news()).toEqual(['open 0', 'open 1']);
      jest.advanceTimersByTime(1);
      expect(news()).toEqual(['open 2']);
      await executor.failed(2, crash);
      expect(news()).toEqual(['error WorkerCrashedError']);
      open(['c']);
      expect(news()).toEqual(['open 3']);
    });
  });

  describe('whose slots cannot be had', () => {
    it('leaves no timer behind when it is destroyed before it tries again', async () => {
      const { executor, dispatcher, open, news } = setUp({ size: 1 });
      open(['a']);
      await executor.failed(0, crash);
      await dispatcher.destroy();
      expect(jest.getTimerCount()).toBe(0);
      expect(news()).toEqual(['open 0', 'error PoolClosedError']);
    });

    it('gives each call an error of its own, since each puts its own place into the stack', async () => {
      const { executor, dispatcher } = setUp({ size: 1 });
      const error = jest.fn();
      for (const value of ['a', 'b']) {
        dispatcher.openLane(LANE_OPTIONS, { ...noting([]), error }).pushAll([value]);
      }
      await executor.failed(0, new LastingFailure(crash));
      const [[first], [second]] = error.mock.calls as [[unknown], [unknown]];
      expect([first, second]).toMatchObject([{ exitCode: 7 }, { exitCode: 7 }]);
      expect(first).not.toBe(second);
    });

    it('fails what waits at once where another try would only fail again', async () => {
      const { executor, open, news } = setUp({ size: 1 });
      open(['a']);
      await executor.failed(0, new LastingFailure(crash));
      expect(news()).toEqual(['open 0', 'error WorkerCrashedError']);
    });
  });

  describe('with a cancelled lane', () => {
    it('replaces a slot whose batch does not return within the grace', async () => {
      const { executor, open, news } = setUp({ size: 1 });
      open(['a'], { name: 'A ' }).cancel();
      const lane = open(['stuck'], { name: 'B ' });
      await executor.opened(0);
      lane.cancel();
      open(['c'], { name: 'C ' });
      expect(news()).toEqual(['open 0', 'run 0: 0', 'abort 0']);
      jest.advanceTimersByTime(199);
      expect(news()).toEqual([]);
      jest.advanceTimersByTime(1);
      expect(news()).toEqual(['close 0', 'open 1']);
      await executor.opened(1);
      executor.finish(1);
      expect(news()).toEqual(['run 1: 0', 'C next c', 'C complete']);
    });

    it('keeps a slot whose batch returns in time', async () => {
      const { executor, open, news } = setUp({ size: 1 });
      const lane = open(['a']);
      await executor.opened(0);
      lane.cancel();
      executor.finish(0);
      news();
      jest.advanceTimersByTime(1000);
      open(['b']);
      expect(news()).toEqual(['run 0: 0']);
    });

    it('replaces any number of stuck slots without giving up on those who wait', async () => {
      const { executor, open, news } = setUp({ size: 4 });
      const stuck = open(['a', 'b', 'c', 'd'], { concurrency: 4 });
      for (const slot of [0, 1, 2, 3]) await executor.opened(slot);
      stuck.cancel();
      open(['e'], { name: 'E ' });
      news();
      jest.advanceTimersByTime(200);
      expect(news()).toEqual(['close 0', 'open 4', 'close 1', 'close 2', 'close 3']);
    });
  });

  describe('that idles', () => {
    it('closes its slots after the idle timeout, and opens new ones when they are needed', async () => {
      const { executor, open, news } = setUp({ size: 1, idleTimeout: 1000 });
      open(['a']);
      await executor.opened(0);
      executor.finish(0);
      news();
      jest.advanceTimersByTime(1000);
      expect(news()).toEqual([]);
      jest.advanceTimersByTime(1000);
      expect(news()).toEqual(['close 0']);
      expect(jest.getTimerCount()).toBe(0);
      open(['b']);
      expect(news()).toEqual(['open 1']);
    });

    it('keeps its slots for ever when the idle timeout is infinite', async () => {
      const { executor, open } = setUp({ size: 1 });
      open(['a']);
      await executor.opened(0);
      executor.finish(0);
      expect(jest.getTimerCount()).toBe(0);
    });
  });

  describe('that is closed', () => {
    it('lets its lanes end first, and refuses new ones', async () => {
      const { executor, dispatcher, open, news } = setUp({ size: 1 });
      open(['a', 'b']);
      await executor.opened(0);
      const closed = dispatcher.close();
      expect(() => open(['c'])).toThrow(PoolClosedError);
      news();
      executor.finish(0);
      executor.finish(0);
      expect(news()).toEqual(['run 0: 1', 'next a', 'next b', 'complete', 'close 0']);
      await closed;
      await dispatcher.close();
      await dispatcher.destroy();
      expect(news()).toEqual([]);
    });

    it('closes slots that are still opening', async () => {
      const { dispatcher, open, news } = setUp({ size: 1 });
      open(['a']).cancel();
      await dispatcher.close();
      expect(news()).toEqual(['open 0', 'close 0']);
    });
  });

  describe('that is destroyed', () => {
    it('fails its lanes at once, and closes its slots', async () => {
      const { executor, dispatcher, open, news } = setUp({ size: 2 });
      open(['a', 'b', 'c']);
      await executor.opened(0);
      news();
      await Promise.all([dispatcher.destroy(), dispatcher.destroy(), dispatcher.close()]);
      expect(news()).toEqual(['close 0', 'close 1', 'error PoolClosedError']);
    });

    it('can be destroyed from within a result, after which nothing comes', async () => {
      const { executor, dispatcher, news } = setUp({ size: 1 });
      const options = { ...LANE_OPTIONS, concurrency: 1 };
      const { log } = executor;
      const lane = dispatcher.openLane(options, {
        ...noting(log),
        next: () => void dispatcher.destroy(),
      });
      lane.pushAll(['a', 'b']);
      await executor.opened(0);
      news();
      executor.finish(0);
      expect(news()).toEqual(['run 0: 1', 'close 0', 'error PoolClosedError']);
      await dispatcher.destroy();
    });
  });
});
