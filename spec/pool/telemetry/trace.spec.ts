import { createPool, inline, TaskError, trace, WorkerCrashedError } from '../../../lib/index.js';
import { Dispatcher } from '../../../lib/pool/Dispatcher.js';
import type { LaneOptions } from '../../../lib/pool/LaneOptions.js';
import { readRetry } from '../../../lib/pool/retryOptions.js';
import { TraceRecording } from '../../../lib/pool/telemetry/TraceRecording.js';
import { LANE_OPTIONS } from '../../support/laneOptions.js';
import { ManualExecutor } from '../../support/manualExecutor.js';
import { noting } from '../../support/noting.js';

function setUp({ size = 1, limit = 100 } = {}) {
  const executor = new ManualExecutor();
  const recording = new TraceRecording(limit);
  const dispatcher = new Dispatcher({ executor, size, idleTimeout: Infinity });
  const openLane = (options: Partial<LaneOptions> = {}) =>
    dispatcher.openLane(
      { ...LANE_OPTIONS, concurrency: size, trace: recording, ...options },
      noting(executor.log),
    );
  const open = (values: readonly unknown[], options: Partial<LaneOptions> = {}) => {
    const lane = openLane(options);
    lane.pushAll(values);
    lane.end();
    return lane;
  };
  return { executor, dispatcher, recording, open, openLane };
}

const pass = (time: number): void => jest.advanceTimersByTime(time);

describe('a recording', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('is empty until something is recorded', () => {
    expect(new TraceRecording(1).read()).toMatchObject({
      ...{ version: 1, duration: 0, calls: [], workers: [], elements: [], batches: [] },
      ...{ reclaims: [], idle: [], omitted: 0 },
    });
  });

  it('has the call, its worker from when it was asked for, and each batch', async () => {
    const { executor, recording, open } = setUp();
    open(['a', 'b']);
    pass(10);
    await executor.opened(0);
    pass(5);
    executor.finish(0, { busy: 4 });
    pass(5);
    executor.finish(0, { busy: 5 });
    const { calls, workers, batches, duration } = recording.read();
    expect(calls).toMatchObject([
      { id: 0, concurrency: 1, start: 0, end: 20, arrived: 2, done: 2 },
    ]);
    expect(workers).toEqual([{ id: 0, start: 0, ready: 10 }]);
    expect(batches).toEqual([
      { id: 0, call: 0, worker: 0, count: 1, sent: 10, returned: 15, ran: 4 },
      { id: 1, call: 0, worker: 0, count: 1, sent: 15, returned: 20, ran: 5 },
    ]);
    expect(duration).toBe(20);
  });

  it('asks for the times of elements, and only while there is a recording', async () => {
    const { executor, open } = setUp();
    open(['a']);
    open(['b'], { trace: undefined });
    await executor.opened(0);
    executor.finish(0);
    expect(executor.batches.map(({ wantsTimes }) => wantsTimes)).toEqual([true, false]);
  });

  it('says that one which crashed ran from the end of the one before until then', async () => {
    const { executor, recording, open } = setUp();
    open(['a', 'b', 'c'], { settled: true });
    await executor.opened(0);
    pass(3);
    executor.finish(0);
    pass(4);
    executor.lost(0, new WorkerCrashedError(1, { exitCode: 7 }));
    const [, crashed] = recording.read().elements;
    expect(crashed).toEqual({
      ...{ call: 0, index: 1, worker: 0, batch: 1, attempt: 1 },
      ...{ start: 3, end: 7, outcome: 'crashed' },
    });
    expect(recording.read().workers[0]).toMatchObject({ end: 7, ending: 'crashed' });
  });

  it('keeps no more than its limit, the last ones, and counts the others', async () => {
    const { executor, recording, open } = setUp({ limit: 2 });
    open(['a', 'b', 'c'], { settled: true });
    await executor.opened(0);
    executor.finish(0);
    executor.fail(0, new TaskError(1, new Error()));
    executor.finish(0);
    const { elements, omitted } = recording.read();
    expect(elements.map(({ index, outcome }) => [index, outcome])).toEqual([
      [1, 'failed'],
      [2, 'done'],
    ]);
    expect(omitted).toBe(2); // an element and a batch
  });

  it('keeps calls that are open and workers that are there, however many others have ended', async () => {
    const { executor, recording, open, openLane } = setUp({ limit: 2 });
    const long = openLane();
    for (let nth = 0; nth < 4; nth++) {
      open(['a']);
      if (nth === 0) await executor.opened(0);
      executor.finish(0);
    }
    long.push('z');
    executor.finish(0);
    const { calls, workers, elements, omitted } = recording.read();
    expect(calls.map(({ id, end }) => [id, end !== undefined])).toEqual([
      [0, false],
      [3, true],
      [4, true],
    ]);
    expect(workers).toHaveLength(1);
    expect(elements.map(({ call }) => call)).toEqual([4, 0]);
    expect(omitted).toBe(2 + 3 + 3); // calls, elements and batches
  });

  it('says why workers idled, until when, and what came then', async () => {
    const { executor, recording, openLane } = setUp({ size: 2 });
    const lane = openLane({ ordered: true, atMost: 2 });
    lane.pushAll(['a', 'b', 'c', 'd']);
    pass(10);
    await executor.opened(0);
    await executor.opened(1);
    pass(10);
    executor.finish(1); // b, and a is missing
    pass(10);
    executor.finish(0);
    executor.finish(0);
    executor.finish(1);
    pass(10);
    lane.push('e');
    const spans = recording.read().idle.map(({ worker, start, end, cause }) => {
      return `${worker}: ${start}-${end} ${cause}`;
    });
    expect(spans.sort()).toEqual([
      '0: 0-10 starting',
      '0: 30-40 no work',
      '1: 0-10 starting',
      '1: 20-30 window full',
      '1: 30-40 no work',
    ]);
  });

  it.each([
    ['their key is at work', 1],
    ['their batch holds others of their key', 3],
  ])('says that elements may not run beside others while %s', async (_, batchSize) => {
    const { executor, recording, open } = setUp({ size: 2 });
    open(['x', 'y']);
    for (const slot of [0, 1]) await executor.opened(slot);
    for (const slot of [0, 1]) executor.finish(slot);
    open(['a', 'b', 'c'], { key: (): string => 'one', batchSize });
    pass(10);
    const idle = recording.read().idle.map(({ start, end, cause }) => ({ start, end, cause }));
    expect(idle).toEqual([{ start: 0, end: 10, cause: 'limit' }]);
  });

  it('says that elements wait for their next try', async () => {
    const { executor, recording, open } = setUp();
    open(['a'], { retry: readRetry('a spec', { count: 1, delay: 30 }) });
    await executor.opened(0);
    pass(5);
    executor.fail(0, new TaskError(0, new Error()));
    pass(30);
    expect(recording.read().idle).toEqual([{ worker: 0, start: 5, end: 35, cause: 'retry delay' }]);
  });

  it('is over with its last call, and goes on with another', async () => {
    const { executor, recording, open } = setUp();
    open(['a']);
    await executor.opened(0);
    pass(5);
    executor.finish(0);
    pass(100);
    expect(recording.read()).toMatchObject({ duration: 5, idle: [] });
    open(['b']);
    pass(7);
    executor.finish(0);
    const { duration, calls, workers } = recording.read();
    expect(duration).toBe(112);
    expect(calls.map(({ start, end }) => [start, end])).toEqual([
      [0, 5],
      [105, 112],
    ]);
    expect(workers).toHaveLength(1);
  });

  describe('of a call that is cancelled', () => {
    it('goes on until its workers are done, and says of what they ran that it was cancelled', async () => {
      const { executor, recording, open } = setUp({ size: 3 });
      const lane = open(['a', 'b', 'c'], { settled: true });
      for (const slot of [0, 1, 2]) await executor.opened(slot);
      pass(5);
      lane.cancel();
      pass(1);
      executor.finish(0);
      executor.fail(1, new TaskError(1, new Error()));
      expect(recording.read()).toMatchObject({ duration: 6, calls: [{ end: 5, cancelled: 3 }] });
      pass(2);
      executor.lost(2, new WorkerCrashedError(2, { exitCode: undefined }));
      pass(100);
      const { duration, elements, batches } = recording.read();
      expect(elements.map(({ index, end, outcome }) => [index, end, outcome])).toEqual([
        [0, 6, 'cancelled'],
        [1, 6, 'cancelled'],
        [2, 8, 'cancelled'],
      ]);
      expect(batches.map(({ returned }) => returned)).toEqual([6, 6, 8]);
      expect(duration).toBe(8);
    });

    it('is the same where the pool is recorded', async () => {
      const recording = new TraceRecording(100);
      const executor = new ManualExecutor();
      const dispatcher = new Dispatcher({
        ...{ executor, size: 1, idleTimeout: Infinity, trace: recording },
      });
      const lane = dispatcher.openLane(LANE_OPTIONS, noting(executor.log));
      lane.push('a');
      await executor.opened(0);
      lane.cancel();
      executor.finish(0);
      expect(recording.read().elements).toMatchObject([{ outcome: 'cancelled' }]);
    });
  });

  it('says of a worker that ended while nothing was recorded that it is gone', async () => {
    const { executor, recording, open } = setUp();
    open(['a']);
    await executor.opened(0);
    executor.finish(0);
    executor.lost(0, new WorkerCrashedError(undefined, { exitCode: 7 }));
    open(['b']);
    await executor.opened(1);
    expect(recording.read().workers.map(({ id, end }) => [id, end !== undefined])).toEqual([
      [0, true],
      [1, false],
    ]);
  });

  it('has no values of the user', async () => {
    const { executor, recording, open } = setUp();
    open(['secret'], { settled: true });
    await executor.opened(0);
    executor.fail(0, new TaskError(0, new Error('secret')));
    expect(JSON.stringify(recording.read())).not.toContain('secret');
  });
});

describe('the option trace', () => {
  const half = (value: number): number => value / 2;

  it('records a call, or all of a pool', async () => {
    const [ofPool, ofCall] = [trace(), trace()];
    await using pool = createPool({ size: 1, executor: inline(), trace: ofPool });
    await pool.mapArray([1, 2], half, { trace: ofCall });
    await pool.run(half, 3);
    expect(ofCall.read().calls).toMatchObject([{ name: 'half', done: 2 }]);
    expect(ofPool.read().calls).toMatchObject([{ done: 2 }, { done: 1 }]);
    expect(ofPool.read().elements).toHaveLength(3);
  });

  it('must be a recording', async () => {
    await using pool = createPool({ size: 1, executor: inline() });
    await expect(pool.mapArray([1], half, { trace: true as never })).rejects.toThrow(
      'pool.mapArray: trace must be a recording from trace() of the same copy of this package, but got true',
    );
    const heir = Object.create(trace()) as ReturnType<typeof trace>;
    expect(() => pool.parallelMap(half, { trace: heir })).toThrow('must be a recording');
    expect(() => createPool({ trace: {} as never })).toThrow(TypeError);
  });

  it('refuses a recording of another pool at the call', async () => {
    const recording = trace();
    await using _ = createPool({ size: 1, executor: inline(), trace: recording });
    await using other = createPool({ size: 1, executor: inline() });
    const message = ': trace belongs to another pool. Make a recording for each: trace()';
    expect(() => other.parallelMap(half, { trace: recording })).toThrow(
      `pool.parallelMap${message}`,
    );
    expect(() => other.mapStream([1], half, { trace: recording })).toThrow(
      `pool.mapStream${message}`,
    );
    expect(() => createPool({ trace: recording })).toThrow(`createPool${message}`);
  });

  it('leaves a recording free that a call was refused with', async () => {
    const recording = trace();
    await using one = createPool({ size: 1, executor: inline() });
    await using other = createPool({ size: 1, executor: inline() });
    expect(() => one.parallelMap(half, { trace: recording, concurrency: 0 })).toThrow(RangeError);
    await other.run(half, 1, { trace: recording });
    expect(recording.read().elements).toHaveLength(1);
  });

  it('is not changed by what is done to what was read', async () => {
    const recording = trace();
    await using pool = createPool({ size: 1, executor: inline() });
    await pool.run(half, 1, { trace: recording });
    const before = JSON.stringify(recording.read());
    const { elements, batches, workers, idle } = recording.read();
    for (const record of [...elements, ...batches, ...workers, ...idle]) {
      Object.assign(record, { worker: 99, id: 99 });
    }
    expect(JSON.stringify(recording.read())).toBe(before);
  });

  it('has a limit of at least 1', () => {
    expect(() => trace({ limit: 0 })).toThrow(RangeError);
    expect(() => trace({ limits: 1 } as never)).toThrow('Did you mean "limit"?');
  });
});
