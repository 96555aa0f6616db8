import { TaskError, WorkerCrashedError } from '../../../lib/index.js';
import { Dispatcher } from '../../../lib/pool/Dispatcher.js';
import type { LaneOptions } from '../../../lib/pool/LaneOptions.js';
import { LANE_OPTIONS } from '../../support/laneOptions.js';
import { ManualExecutor } from '../../support/manualExecutor.js';
import { noting } from '../../support/noting.js';

function setUp({ size = 2, elementsPerSlot = Infinity, idleTimeout = Infinity } = {}) {
  const executor = new ManualExecutor();
  const dispatcher = new Dispatcher({ executor, size, idleTimeout, elementsPerSlot });
  const open = (values: readonly unknown[], options: Partial<LaneOptions> = {}) => {
    const lane = dispatcher.openLane(
      { ...LANE_OPTIONS, concurrency: size, settled: true, ...options },
      noting(executor.log),
    );
    lane.pushAll(values);
    lane.end();
    return lane;
  };
  const stats = () => dispatcher.telemetry.read();
  return { executor, dispatcher, open, stats };
}

const pass = (time: number): void => jest.advanceTimersByTime(time);

describe('the statistics of a pool', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('count elements from their arrival to their end', async () => {
    const { executor, open, stats } = setUp({ size: 1 });
    open(['a', 'b', 'c']);
    expect(stats().elements).toMatchObject({ arrived: 3, waiting: 3, inFlight: 0 });
    await executor.opened(0);
    expect(stats().elements).toMatchObject({ arrived: 3, waiting: 2, inFlight: 1 });
    executor.finish(0);
    executor.fail(0, new TaskError(1, new Error()));
    expect(stats().elements).toMatchObject({ waiting: 0, inFlight: 1, done: 1, failed: 1 });
    expect(stats().calls).toEqual({ open: 1, ended: 0 });
    executor.finish(0);
    expect(stats().elements).toEqual({
      ...{ arrived: 3, waiting: 0, inFlight: 0, done: 2, failed: 1 },
      ...{ cancelled: 0, dropped: 0, retried: 0 },
    });
    expect(stats().calls).toEqual({ open: 0, ended: 1 });
  });

  it('count what a call leaves behind as cancelled, also what still runs', async () => {
    const { executor, open, stats } = setUp({ size: 1 });
    const lane = open(['a', 'b', 'c']);
    await executor.opened(0);
    executor.finish(0);
    lane.cancel();
    expect(stats().elements).toMatchObject({ done: 1, cancelled: 2, inFlight: 0, waiting: 0 });
    expect(stats().workers.busy).toBe(1);
  });

  it('count what comes back unstarted as waiting again, with its worker or without', async () => {
    const { executor, open, stats } = setUp({ size: 2 });
    open(['a', 'b', 'c', 'd', 'e'], { batchSize: 3 });
    await executor.opened(0);
    expect(stats().elements).toMatchObject({ inFlight: 3, waiting: 2 });
    executor.lost(0, new WorkerCrashedError(0, { exitCode: 7 }), false);
    expect(stats().elements).toMatchObject({ inFlight: 0, waiting: 5 });
    await executor.opened(1);
    executor.reclaimFrom.push(1);
    await executor.opened(2);
    executor.finish(2);
    expect(stats().batches.reclaimed).toBe(2);
    // One that runs was left to slot 1; of the two that were taken from it, slot 2 has one, and one is to follow.
    expect(stats().elements).toMatchObject({ inFlight: 2, waiting: 1, done: 2 });
  });

  it('never count fewer than none in flight, also when an element is given up', async () => {
    const { executor, open, stats } = setUp({ size: 1 });
    open(['a', 'b', 'c', 'd'], { batchSize: 1 });
    // Workers that end with what they were handed, and without having begun with it.
    for (let slot = 0; stats().elements.failed === 0; slot++) {
      await executor.opened(slot);
      executor.lost(slot, new WorkerCrashedError(undefined, { exitCode: 7 }), false);
    }
    expect(stats().elements).toMatchObject({ failed: 1, inFlight: 0, waiting: 3 });
  });

  it('count the failure that ends a call, and the rest as cancelled', async () => {
    const { executor, open, stats } = setUp({ size: 1 });
    open(['a', 'b', 'c'], { settled: false });
    await executor.opened(0);
    executor.fail(0, new TaskError(0, new Error()));
    expect(stats().elements).toMatchObject({ done: 0, failed: 1, cancelled: 2 });
  });

  it('count elements that overflow has dropped, whether or not their call is settled', async () => {
    const { executor, open, stats } = setUp({ size: 1 });
    const buffer = { size: 1, overflow: 'drop-newest' } as const;
    open(['a', 'b', 'c'], { settled: false, buffer });
    await executor.opened(0);
    expect(stats().elements).toMatchObject({ arrived: 3, dropped: 2, inFlight: 1 });
  });

  it('tell how long elements waited and ran, and what their round took beside', async () => {
    const { executor, open, stats } = setUp({ size: 1 });
    open(['a', 'b'], { settled: false });
    pass(10);
    await executor.opened(0);
    pass(7);
    executor.finish(0, { busy: 5 });
    const { wait, run, transfer } = stats().times;
    expect(wait).toMatchObject({ count: 1, mean: 10, max: 10 });
    expect(run).toMatchObject({ count: 1, mean: 5, max: 5 });
    expect(transfer).toMatchObject({ count: 1, mean: 2, max: 2 });
    expect(wait.p50).toBeGreaterThan(10 * 0.978);
    pass(1);
    executor.finish(0, { busy: 1 });
    expect(stats().times.wait).toMatchObject({ count: 2, max: 17 });
  });

  it('tell how many workers there are, and for what share of their time they had work', async () => {
    const { executor, open, stats } = setUp({ size: 2 });
    open(['a', 'b']);
    expect(stats().workers).toMatchObject({ starting: 2, alive: 0, busy: 0, utilisation: 0 });
    await executor.opened(0);
    expect(stats().workers).toMatchObject({ starting: 1, alive: 1, busy: 1, opened: 1 });
    pass(30);
    executor.finish(0);
    executor.finish(0);
    pass(10);
    expect(stats().workers).toMatchObject({ aliveTime: 40, busyTime: 30, utilisation: 0.75 });
  });

  it('tell workers that crash, that do not start, and that are replaced in their time', async () => {
    const { executor, open, stats } = setUp({ size: 1, elementsPerSlot: 1 });
    open(['a', 'b', 'c', 'd']);
    const crash = new WorkerCrashedError(0, { exitCode: 7 });
    await executor.failed(0, crash);
    pass(100);
    await executor.opened(1);
    executor.finish(1);
    await executor.opened(2);
    executor.lost(2, crash);
    expect(stats().workers).toMatchObject({ failedToStart: 1, recycled: 1, crashed: 1, opened: 2 });
  });

  it('tell how often, and how long, the window of a call in order held it up', async () => {
    const { executor, open, stats } = setUp({ size: 2 });
    open(['a', 'b', 'c', 'd'], { ordered: true, atMost: 2 });
    await executor.opened(0);
    await executor.opened(1);
    expect(stats().windowFull).toEqual({ count: 0, time: 0 });
    executor.finish(1); // b, and a is missing
    pass(10);
    expect(stats().windowFull).toEqual({ count: 1, time: 10 });
    executor.finish(0);
    pass(10);
    expect(stats().windowFull).toEqual({ count: 1, time: 10 });
  });
});
