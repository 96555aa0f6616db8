/** How a pool handles batches of several elements: what it hands over, gives out and takes back. */
import { runInThisContext } from 'node:vm';
import { Dispatcher } from '../../lib/pool/Dispatcher.js';
import type { LaneOptions } from '../../lib/pool/LaneOptions.js';
import { WorkerCrashedError } from '../../lib/index.js';
import { prepareTask } from '../../lib/task/prepareTask.js';
import { LANE_OPTIONS } from '../support/laneOptions.js';
import { ManualExecutor } from '../support/manualExecutor.js';
import { noting } from '../support/noting.js';

const SIZE = 2;
const crash = new WorkerCrashedError(0, { exitCode: 7 });

const OPTIONS: LaneOptions = { ...LANE_OPTIONS, concurrency: SIZE };

/** A pool whose log says what it commands and what it gives out, in their order. */
function setUp() {
  const executor = new ManualExecutor({ overhead: 0.03 });
  const dispatcher = new Dispatcher({ executor, size: SIZE, idleTimeout: Infinity });
  const { log } = executor;
  const open = (values: readonly unknown[], options: Partial<LaneOptions> = {}): void => {
    const lane = dispatcher.openLane({ ...OPTIONS, ...options }, noting(log));
    lane.pushAll(values);
    lane.end();
  };
  /** What was noted since the last call. */
  const news = (): string[] => log.splice(0);
  return { executor, dispatcher, open, news };
}

/** With a slot 0, whose elements are known to take so long. */
async function withOneSlot(pace = 1) {
  const pool = setUp();
  pool.open(['probe']);
  await pool.executor.opened(0);
  pool.executor.finish(0, { busy: pace });
  pool.news();
  return pool;
}

/** With the slots 0 and 1, which idle, and elements that are known to take so long. */
async function withIdleSlots(pace = 1) {
  const pool = setUp();
  pool.open(['probe', 'probe'], { batchSize: 1 });
  await pool.executor.opened(0);
  await pool.executor.opened(1);
  pool.executor.finish(1, { busy: pace });
  pool.executor.finish(0, { busy: pace });
  pool.news();
  return pool;
}

// The clock stands still, so that a batch takes as long as the spec says.
beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('a batch of several elements', () => {
  const options = { batchSize: 3, concurrency: 1 };

  it('is handed over with their values and places', async () => {
    const { executor, open, news } = await withOneSlot();
    open(['a', 'b', 'c', 'd'], options);
    expect(news()).toEqual(['run 0: 0-2', 'run 0: 3']);
    const [first, second] = executor.batches.slice(1);
    expect(first).toMatchObject({ values: ['a', 'b', 'c'], ranges: [{ start: 0, end: 3 }] });
    expect(second).toMatchObject({ values: ['d'], ranges: [{ start: 3, end: 4 }] });
  });

  it('has elements of some keys only, and the next of each once all have ended that it has', async () => {
    const { executor, open, news } = await withIdleSlots();
    open(['a1', 'b1', 'a2', 'b2', 'a3'], {
      batchSize: 2,
      key: (value) => (value as string)[0],
    });
    expect(news()).toEqual(['run 0: 0,2', 'run 1: 1,3']);
    executor.finish(0);
    expect(news()).toEqual(['run 0: 4', 'next a1', 'next a2']);
  });

  it('lets others of a key run that has ended in it, while it goes on', async () => {
    const { executor, open, news } = await withIdleSlots();
    open(['a1', 'b1', 'c1', 'a2'], { batchSize: 2, key: (value) => (value as string)[0] });
    expect(news()).toEqual(['run 0: 0,1', 'run 1: 2']);
    executor.finish(1);
    expect(news()).toEqual(['reclaim 0', 'next c1']);
    executor.settle(0, 0, 1);
    expect(news()).toEqual(['run 1: 3', 'next a1']);
  });

  it('is handed over in the order of the costs, and its results find their places', async () => {
    const { executor, open, news } = await withOneSlot();
    open(['a', 'ccc', 'bb'], { ...options, cost: (value) => (value as string).length });
    expect(news()).toEqual(['run 0: 1,2,0']);
    expect(executor.batches.at(-1)?.values).toEqual(['ccc', 'bb', 'a']);
    executor.finish(0);
    expect(news()).toEqual(['next ccc', 'next bb', 'next a', 'complete']);
  });

  it('gives out what has ended while it goes on, and the rest when it returns', async () => {
    const { executor, open, news } = await withOneSlot();
    open(['a', 'b', 'c'], options);
    news();
    executor.settle(0, 0, 1);
    expect(news()).toEqual(['next a']);
    executor.settle(0, 1, 2);
    expect(news()).toEqual(['next b']);
    executor.finish(0, { from: 2 });
    expect(news()).toEqual(['next c', 'complete']);
  });

  it('returns with nothing more when all had ended before', async () => {
    const { executor, open, news } = await withOneSlot();
    open(['a', 'b', 'c'], options);
    news();
    executor.settle(0, 0, 3);
    executor.finish(0, { from: 3 });
    expect(news()).toEqual(['next a', 'next b', 'next c', 'complete']);
  });

  it('is followed by the next one before its results are given out', async () => {
    const { executor, open, news } = await withOneSlot();
    open(['a', 'b', 'c', 'd', 'e', 'f', 'g'], options);
    expect(news()).toEqual(['run 0: 0-2', 'run 0: 3-5']);
    executor.settle(0, 0, 2);
    expect(news()).toEqual(['next a', 'next b']);
    executor.finish(0, { from: 2 });
    expect(news()).toEqual(['run 0: 6', 'next c']);
  });

  it('is run again on another slot, but for what had ended, when its slot is lost', async () => {
    const { executor, open, news } = await withOneSlot();
    open(['a', 'b', 'c'], options);
    executor.settle(0, 0, 1);
    news();
    executor.lost(0, crash, false);
    expect(news()).toEqual(['open 1']);
    await executor.opened(1);
    executor.finish(1);
    expect(news()).toEqual(['run 1: 1,2', 'next b', 'next c', 'complete']);
  });

  it('comes back whole when it was behind another one on a slot that is lost', async () => {
    const { executor, open, news } = await withOneSlot();
    open(['a', 'b', 'c', 'd', 'e', 'f'], { ...options, settled: true });
    expect(news()).toEqual(['run 0: 0-2', 'run 0: 3-5']);
    executor.lost(0, crash);
    await executor.opened(1);
    expect(news()).toEqual(['next [object Object]', 'open 1', 'run 1: 1,2,3', 'run 1: 4,5']);
  });

  it('goes with what is to be moved of its elements, each once', async () => {
    const { executor, open } = await withOneSlot();
    const [one, two] = [new ArrayBuffer(1), new ArrayBuffer(2)];
    open([one, two, one], { ...options, transfer: (value) => [value as ArrayBuffer] });
    expect(executor.batches.at(-1)?.transfer).toEqual([one, two]);
  });
});

describe('what a batch has not started, while another slot idles,', () => {
  const options = { batchSize: 3 };

  it('is taken back and run there; each result is given out once', async () => {
    const { executor, open, news } = await withIdleSlots();
    executor.reclaimFrom.push(2);
    open(['a', 'b', 'c'], options);
    expect(news()).toEqual(['run 0: 0-2', 'reclaim 0', 'run 1: 2']);
    executor.finish(1);
    expect(news()).toEqual(['next c']);
    executor.settle(0, 0, 1);
    executor.finish(0, { from: 1, to: 2 });
    expect(news()).toEqual(['next a', 'next b', 'complete']);
  });

  it('may be all of it, where it is behind another batch: it returns with nothing', async () => {
    const { executor, open, news } = await withIdleSlots();
    open(['a', 'b', 'c'], { batchSize: 1 });
    expect(news()).toEqual(['run 0: 0', 'run 1: 1', 'run 0: 2']);
    executor.reclaimFrom.push(0);
    executor.finish(1);
    // Before anything is given out, or a slow observer would keep the slot idle.
    expect(news()).toEqual(['reclaim 0', 'run 1: 2', 'next b']);
    executor.finish(0);
    executor.finish(0, { to: 0 });
    executor.finish(1);
    expect(news()).toEqual(['next a', 'next c', 'complete']);
  });

  it('may be nothing: the batch goes on as it was', async () => {
    const { executor, open, news } = await withIdleSlots();
    executor.reclaimFrom.push(3);
    open(['a', 'b', 'c'], options);
    expect(news()).toEqual(['run 0: 0-2', 'reclaim 0']);
    executor.finish(0);
    expect(news()).toEqual(['next a', 'next b', 'next c', 'complete']);
  });

  it('is not run again when it is lost with the slot after it was taken back', async () => {
    const { executor, open, news } = await withIdleSlots();
    executor.reclaimFrom.push(1);
    open(['a', 'b', 'c'], { ...options, settled: true });
    expect(news().slice(0, 2)).toEqual(['run 0: 0-2', 'reclaim 0']);
    executor.lost(0, crash);
    executor.finish(1);
    executor.finish(1);
    expect(news().filter((said) => said.startsWith('next'))).toHaveLength(3);
    expect(executor.batches.slice(-2).map(({ values }) => values)).toEqual([['b'], ['c']]);
  });

  it('is taken back a moment later if it seemed too short to be worth it', async () => {
    const { executor, open, news } = await withIdleSlots(0.01);
    executor.reclaimFrom.push(2);
    open(['a', 'b', 'c'], options);
    expect(news()).toEqual(['run 0: 0-2']);
    jest.runOnlyPendingTimers();
    expect(news()).toEqual(['reclaim 0', 'run 1: 2']);
  });

  it('stays where it is if its elements were moved there', async () => {
    const { open, news } = await withIdleSlots();
    open(['a', 'b', 'c'], { ...options, transfer: () => [] });
    jest.runOnlyPendingTimers();
    expect(news()).toEqual(['run 0: 0-2']);
  });
});

describe('a function of the user that is called while slots are filled', () => {
  const [first, second] = [new ArrayBuffer(1), new ArrayBuffer(1)];

  it('may cancel its call: nothing more of it starts, and the slots serve others', async () => {
    const { executor, dispatcher, open, news } = await withIdleSlots();
    const lane = dispatcher.openLane(
      {
        ...OPTIONS,
        batchSize: 1,
        transfer: () => {
          lane.cancel();
          return [];
        },
      },
      noting(executor.log),
    );
    lane.pushAll([first, second]);
    expect(news()).toEqual([]);
    open(['a', 'b'], { batchSize: 1 });
    expect(news()).toEqual(['run 1: 0', 'run 0: 1']);
  });

  it('may destroy the pool: no slot is used or opened after that', async () => {
    // Long elements, for which another slot is to be opened in the same moment.
    const { executor, dispatcher, open, news } = await withOneSlot(1000);
    const transfer = (): ArrayBuffer[] => {
      void dispatcher.destroy();
      return [];
    };
    open([first, second, new ArrayBuffer(1)], { batchSize: 1, transfer });
    expect(news()).toEqual(['close 0', 'error PoolClosedError']);
    await expect(dispatcher.close()).resolves.toBeUndefined();
    expect(executor.log).toEqual([]);
  });
});

describe('a shared value', () => {
  it('goes with each batch of its call, under one number, and with no other', async () => {
    const { executor, open } = await withOneSlot();
    open(['a', 'b'], { batchSize: 1, concurrency: 1, shared: 'ours' });
    open(['c'], { concurrency: 1 });
    executor.finish(0);
    executor.finish(0);
    const [first, second, third] = executor.batches.slice(1).map(({ shared }) => shared);
    expect(first?.value).toBe('ours');
    expect(second).toEqual(first);
    expect(third).toBeUndefined();
  });

  it('is forgotten when its call has ended, and only then', async () => {
    const { executor, open, news } = await withOneSlot();
    open(['a', 'b'], { batchSize: 1, concurrency: 1, shared: 'ours' });
    open(['c'], { concurrency: 1 });
    executor.finish(0);
    expect(news()).not.toContain('forget');
    executor.finish(0);
    executor.finish(0);
    expect(news().filter((said) => said === 'forget')).toEqual(['forget']);
  });
});

describe('what an element of a function took', () => {
  it.each([NaN, Infinity, -Infinity, -5])(
    'counts as no time where a slot says %d, whose clock was replaced',
    async (busy) => {
      const { executor, open, news } = await withOneSlot(busy);
      open([0, 1, 2, 3], { concurrency: 1 });
      expect(news()).toEqual(['run 0: 0-3']);
      executor.finish(0);
      expect(news()).toContain('complete');
    },
  );

  it('is kept for the thousand functions that were used last', async () => {
    const { executor, open, news } = await withOneSlot();
    const tasks = Array.from({ length: 1001 }, (_, nth) =>
      prepareTask(runInThisContext(`(x) => x + ${nth}`) as (x: number) => number, 'spec'),
    );
    for (const task of tasks) {
      open([0], { task });
      executor.finish(0, { busy: 0.001 });
    }
    news();
    open([0, 0], { task: tasks[1000]! });
    expect(news()).toEqual(['run 0: 0,1']);
    executor.finish(0);
    news();
    open([0, 0], { task: tasks[0]! });
    expect(news()).toEqual(['run 0: 0', 'open 1']);
  });
});
