/** `close`, `destroy` and `await using` in every stage of a pool's life: they settle, and nothing is left. */
import { setImmediate } from 'node:timers/promises';
import { from, lastValueFrom, toArray } from 'rxjs';
import {
  createPool,
  mapArray,
  parallelMap,
  PoolClosedError,
  WorkerCrashedError,
  type Pool,
} from '../../lib/index.js';
import { ManualExecutor } from '../support/manualExecutor.js';

const same = (value: number): number => value;
const crash = new WorkerCrashedError(undefined, { exitCode: 7 });

/** How a promise ended, or that it has not. */
interface Watched {
  end: unknown;
}

function watch(promise: Promise<unknown>): Watched {
  const watched: Watched = { end: 'pending' };
  const note = (end: unknown): void => {
    watched.end = end;
  };
  void promise.then(note, note);
  return watched;
}

class World {
  readonly executor = new ManualExecutor({ closesAtOnce: false });
  readonly pool: Pool;
  readonly controller = new AbortController();
  call: Watched | undefined;

  constructor(options: object = {}) {
    this.pool = createPool({ size: 2, idleTimeout: 1000, executor: this.executor, ...options });
  }

  async start(): Promise<void> {
    const { signal } = this.controller;
    this.call = watch(this.pool.mapArray([1, 2, 3], same, { signal }));
    await setImmediate();
  }

  /** What is due happens, until nothing more does; and time passes. */
  async goOn(milliseconds = 300): Promise<void> {
    for (let before = -1; before !== this.executor.log.length;) {
      before = this.executor.log.length;
      this.executor.goOn();
      jest.advanceTimersByTime(milliseconds);
      await setImmediate();
    }
  }

  /** Slots that were opened, and neither failed nor were closed. */
  get leftOpen(): string[] {
    const told = (what: string): string[] =>
      this.executor.log.filter((line) => line.startsWith(what)).map((line) => line.split(' ')[1]!);
    const gone = [...told('close'), ...told('failed'), ...told('lost')];
    return told('open').filter((slot) => !gone.includes(slot));
  }
}

interface Stage {
  readonly options?: object;
  readonly reach: (world: World) => Promise<void>;
  /** What the call that is under way comes to where the pool is closed. Default: its results. */
  readonly call?: unknown;
}

/** Workers are on their way. */
const opening = (world: World): Promise<void> => world.start();
const running = async (world: World): Promise<void> => {
  await opening(world);
  world.executor.goOn();
  await setImmediate();
};
const fail = async ({ executor }: World, slot: number): Promise<void> => {
  executor.log.push(`failed ${slot}`);
  await executor.failed(slot, crash);
  await setImmediate();
};
const vanish = ({ executor }: World, slot: number): void => {
  executor.log.push(`lost ${slot}`);
  executor.vanished(slot, crash);
};

const STAGES: Readonly<Record<string, Stage>> = {
  'that was never used': { reach: () => Promise.resolve(), call: undefined },
  'whose workers start': { reach: opening },
  'of which one worker has started': {
    reach: async (world) => {
      await opening(world);
      await world.executor.opened(0);
      await setImmediate();
    },
  },
  'that pauses, since workers could not be started': {
    reach: async (world) => {
      await opening(world);
      await fail(world, 0);
      await fail(world, 1);
    },
  },
  'that gave up, since workers could not be started': {
    reach: async (world) => {
      await opening(world);
      await fail(world, 0);
      await fail(world, 1);
      jest.advanceTimersByTime(300);
      await fail(world, 2);
      await fail(world, 3);
    },
    call: expect.any(WorkerCrashedError) as unknown,
  },
  'that runs elements': { reach: running },
  'whose worker was lost, with its batch not returned': {
    reach: async (world) => {
      await running(world);
      vanish(world, 0);
      await setImmediate();
    },
  },
  'whose workers were both lost, with their batches not returned': {
    reach: async (world) => {
      await running(world);
      vanish(world, 0);
      vanish(world, 1);
      await setImmediate();
    },
  },
  'whose call was cancelled, and whose workers have not stopped': {
    reach: async (world) => {
      await running(world);
      world.controller.abort('enough');
      await setImmediate();
    },
    call: 'enough',
  },
  'whose call was cancelled, and whose workers are replaced': {
    reach: async (world) => {
      await running(world);
      world.controller.abort('enough');
      jest.advanceTimersByTime(300);
      await setImmediate();
    },
    call: 'enough',
  },
  'whose call was cancelled while workers start': {
    reach: async (world) => {
      await opening(world);
      world.controller.abort('enough');
      await setImmediate();
    },
    call: 'enough',
  },
  'whose workers idle': {
    reach: async (world) => {
      await running(world);
      world.executor.goOn();
      world.executor.goOn();
      await setImmediate();
    },
  },
  'whose idle workers are just being ended': {
    reach: async (world) => {
      await running(world);
      world.executor.goOn();
      world.executor.goOn();
      jest.advanceTimersByTime(2000);
      await setImmediate();
      expect(world.executor.log.filter((line) => line.startsWith('close'))).toHaveLength(2);
    },
  },
  'whose workers are replaced after each element': {
    options: { maxElementsPerWorker: 1 },
    reach: async (world) => {
      await running(world);
      world.executor.goOn();
      await setImmediate();
    },
  },
};

type Way = 'close' | 'destroy' | 'dispose';
const end = async ({ pool }: World, way: Way): Promise<void> => {
  await (way === 'dispose' ? pool[Symbol.asyncDispose]() : pool[way]());
};

/** What is called, one after the other. */
const WAYS: readonly (readonly Way[])[] = [
  ['close'],
  ['destroy'],
  ['dispose'],
  ['close', 'close'],
  ['destroy', 'destroy'],
  ['close', 'destroy'],
  ['destroy', 'close'],
  ['close', 'dispose', 'close'],
];

beforeEach(() =>
  jest.useFakeTimers({ doNotFake: ['nextTick', 'performance', 'queueMicrotask', 'setImmediate'] }),
);
afterEach(() => jest.useRealTimers());

describe.each(Object.entries(STAGES))('a pool %s', (_, { options, reach, call = [1, 2, 3] }) => {
  it.each(WAYS.map((ways) => [ways.join(', then '), ways] as const))(
    'ends by %s, and nothing of it is left',
    async (__, ways) => {
      const world = new World(options);
      await reach(world);
      const hadEnded = world.call !== undefined && world.call.end !== 'pending';
      const ended = ways.map((way) => watch(end(world, way)));
      // Also called again when it is over.
      await world.goOn();
      expect(ended.map(({ end }) => end)).toEqual(ways.map(() => undefined));
      await Promise.all(ways.map((way) => end(world, way)));

      const isClosedOnly = ways.every((way) => way === 'close');
      if (world.call) {
        const expected: unknown =
          isClosedOnly || hadEnded ? call : (expect.any(PoolClosedError) as unknown);
        expect(world.call.end).toEqual(expected);
      }
      expect(world.leftOpen).toEqual([]);
      expect(jest.getTimerCount()).toBe(0);
    },
  );

  it('is not said to have ended before its workers have; then no timer is left', async () => {
    const world = new World(options);
    await reach(world);
    const ended = watch(world.pool.destroy());
    await setImmediate();
    const closing = world.executor.log.filter((line) => line.startsWith('close')).length;
    expect(ended.end).toBe(closing > 0 ? 'pending' : undefined);
    await world.goOn(0);
    expect(ended.end).toBeUndefined();
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each(['close', 'destroy'] as const)('refuses whatever comes after %s', async (way) => {
    const world = new World(options);
    await reach(world);
    const { pool } = world;
    const ended = watch(pool[way]());
    const stream = from([1]);
    const isRefused = async (): Promise<void> => {
      for (const use of [
        () => pool.mapArray([1], same),
        () => pool.mapArray([], same),
        () => pool.run(same, 1),
        () => lastValueFrom(stream.pipe(pool.parallelMap(same), toArray())),
        () => mapArray([1], same, { pool }),
        () => lastValueFrom(stream.pipe(parallelMap(same, { pool }), toArray())),
      ]) {
        await expect(use()).rejects.toBeInstanceOf(PoolClosedError);
      }
    };
    await isRefused();
    await world.goOn();
    expect(ended.end).toBeUndefined();
    const { length } = world.executor.log;
    await isRefused();
    expect(world.executor.log).toHaveLength(length);
  });
});

describe('a pool that is ended from within', () => {
  interface Moment {
    readonly name: string;
    /** Makes a call that ends the pool at this moment. */
    readonly call: (pool: Pool, act: () => void) => Promise<unknown>;
    /** What the call comes to where `close` is called, and where `destroy` is. Default: as in other stages. */
    readonly close?: unknown;
    readonly destroy?: unknown;
  }
  const throwing = (): never => {
    throw new RangeError('no');
  };
  /** The results of a stream, of which `look` is shown those that came so far. */
  const resultsOf = (pool: Pool, look: (results: readonly number[]) => void): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const results: number[] = [];
      from([1, 2, 3])
        .pipe(pool.parallelMap(same))
        .subscribe({
          next: (value) => {
            results.push(value);
            look(results);
          },
          error: reject,
          complete: () => resolve(results),
        });
    });
  const atOnce = <T>(act: () => void, value: T): T => {
    act();
    return value;
  };

  const MOMENTS: readonly Moment[] = [
    {
      name: 'a result',
      call: (pool, act) =>
        resultsOf(pool, (results) => {
          if (results.length === 1) act();
        }),
    },
    {
      name: 'the last result',
      call: (pool, act) =>
        resultsOf(pool, (results) => {
          if (results.length === 3) act();
        }),
      destroy: [1, 2, 3],
    },
    {
      name: 'the end of the results',
      call: (pool, act) =>
        new Promise((resolve, reject) => {
          from([1, 2, 3])
            .pipe(pool.parallelMap(same))
            .subscribe({ error: reject, complete: () => resolve(atOnce(act, [1, 2, 3])) });
        }),
      destroy: [1, 2, 3],
    },
    {
      name: 'the error of a call',
      call: (pool, act) =>
        new Promise((resolve) => {
          from([1, 2, 3])
            .pipe(pool.parallelMap(same, { transfer: throwing }))
            .subscribe({ error: () => resolve(atOnce(act, [1, 2, 3])) });
        }),
      destroy: [1, 2, 3],
    },
    {
      name: 'cost',
      call: (pool, act) => pool.mapArray([1, 2, 3], same, { cost: (value) => atOnce(act, value) }),
    },
    {
      name: 'transfer',
      call: (pool, act) => pool.mapArray([1, 2, 3], same, { transfer: () => atOnce(act, []) }),
    },
    {
      name: 'the iterable of its elements',
      call: (pool, act) =>
        pool.mapArray(
          (function* () {
            yield 1;
            act();
            yield 2;
            yield 3;
          })(),
          same,
        ),
      close: expect.any(PoolClosedError) as unknown,
    },
  ];

  describe.each(MOMENTS)('$name', ({ call, ...expected }) => {
    it.each(['close', 'destroy'] as const)('by %s ends all the same', async (way) => {
      const world = new World();
      let ended: Watched | undefined;
      const called = watch(
        call(world.pool, () => {
          ended ??= watch(world.pool[way]());
        }),
      );
      await world.goOn();
      expect(ended?.end).toBeUndefined();
      const usual = way === 'close' ? [1, 2, 3] : (expect.any(PoolClosedError) as unknown);
      expect(called.end).toEqual(expected[way] ?? usual);
      expect(world.leftOpen).toEqual([]);
      expect(jest.getTimerCount()).toBe(0);
    });
  });
});
