/** The contract: slots begin with the pool's initializer, and have what the pool shares. */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ParallelError, WorkerCrashedError } from '../../../lib/errors.js';
import { LastingFailure } from '../../../lib/executors/Executor.js';
import { prepareTask, type PreparedTask } from '../../../lib/task/prepareTask.js';
import type { AnyFunction, InitializerContext, TaskContext } from '../../../lib/task/task.js';
import { makeFlags, raise, raised } from '../../support/handshake.js';
import type { Rig } from './Rig.js';

const STARTED = 0;
const GO = 1;

type Context = InitializerContext<Int32Array>;

const waitForGo = async ({ shared }: Context): Promise<void> => {
  Atomics.add(shared, 0, 1);
  while (Atomics.load(shared, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  Atomics.add(shared, 2, 1);
};
const hang = ({ shared }: Context): Promise<never> => {
  Atomics.add(shared, 0, 1);
  return new Promise(() => undefined);
};
const sharedOf = (_: unknown, __: number, { shared }: TaskContext<unknown>): unknown => shared;

export function setsUp(rig: () => Rig): void {
  const setUp = (fn: AnyFunction | PreparedTask, shared?: unknown): void => {
    const initializer = typeof fn === 'function' ? prepareTask(fn, 'the contract') : fn;
    rig().executor.setUp({ initializer, shared });
  };
  /** What an open came to: `opened`, or why not. */
  const outcomeOf = (opening: Promise<void>): Promise<unknown> =>
    opening.then(
      () => 'opened',
      (reason: unknown) => reason,
    );

  it('each slot with the initializer, once, before its first batch', async () => {
    const flags = makeFlags();
    setUp(({ shared, workerId }: Context) => Atomics.add(shared, workerId, 1), flags);
    await rig().open(0);
    expect([...flags.slice(0, 2)]).toEqual([1, 0]);
    await rig().open(1);
    for (const slot of [0, 1, 0]) await rig().run(sharedOf, [0], { slot }).ends;
    expect([...flags.slice(0, 2)]).toEqual([1, 1]);
  });

  it('and waits for it where it is async', async () => {
    const flags = makeFlags();
    setUp(waitForGo, flags);
    let isOpen = false;
    const opening = rig().open();
    void opening.then(() => (isOpen = true));
    await raised(flags, STARTED);
    expect(isOpen).toBe(false);
    raise(flags, GO);
    await opening;
    expect(Atomics.load(flags, 2)).toBe(1);
  });

  it('with what the pool shares, for batches that share nothing of their own', async () => {
    rig().executor.setUp({ shared: { of: 'the pool' } });
    await rig().open();
    const shared = { id: 7, value: { of: 'the call' } };
    expect(await rig().run(sharedOf, [0]).ends).toEqual([{ value: { of: 'the pool' } }]);
    expect(await rig().run(sharedOf, [0], { shared }).ends).toEqual([{ value: shared.value }]);
    rig().executor.forget(7);
    expect(await rig().run(sharedOf, [0]).ends).toEqual([{ value: { of: 'the pool' } }]);
  });

  it('and with `undefined` where it shares nothing', async () => {
    const flags = makeFlags();
    setUp(() => undefined);
    await rig().open();
    expect(await rig().run(sharedOf, [flags]).ends).toEqual([{ value: undefined }]);
  });

  describe('or not at all, where the initializer', () => {
    it.each([
      [
        'throws',
        () => {
          throw Object.assign(new RangeError('no table today'), { code: 'E_TABLE' });
        },
      ],
      [
        'rejects',
        async () => {
          await Promise.resolve();
          throw Object.assign(new RangeError('no table today'), { code: 'E_TABLE' });
        },
      ],
    ])('%s: the reason says so, and another try may do', async (_, fn) => {
      setUp(fn);
      const reason = await outcomeOf(rig().open());
      expect(reason).toBeInstanceOf(WorkerCrashedError);
      expect(reason).toMatchObject({
        message: expect.stringContaining(
          "The pool's initializer failed: RangeError: no table today. Every worker runs it",
        ) as unknown,
        cause: { message: 'no table today', code: 'E_TABLE' },
      });
      expect((reason as WorkerCrashedError).cause).toBeInstanceOf(RangeError);
      expect(await rig().leftovers()).toEqual([]);
    });

    it.each(['text', undefined])('throws %p', async (thrown) => {
      // What it throws cannot be told it, since only its source travels.
      setUp(thrown === undefined ? () => Promise.reject(undefined) : () => Promise.reject('text'));
      const reason = await outcomeOf(rig().open());
      const quoted = thrown === undefined ? 'undefined' : '"text"';
      expect((reason as Error).message).toContain(
        `The pool's initializer failed: ${quoted} was thrown (not an Error)`,
      );
      expect(reason).toMatchObject({ cause: thrown });
    });

    it('is not there: another try would be in vain', async () => {
      const url = pathToFileURL(join(__dirname, '../../fixtures/modules/tasks.mjs')).href;
      const source = { kind: 'module', url, name: 'setUp' } as const;
      setUp({ key: 'missing', source, fn: undefined });
      const outcome = await outcomeOf(rig().open());
      expect(outcome).toBeInstanceOf(LastingFailure);
      expect((outcome as LastingFailure).reason).toMatchObject({
        name: 'WorkerCrashedError',
        message: expect.stringContaining(
          "The pool's initializer failed: TaskLoadError: ",
        ) as unknown,
        cause: { name: 'TaskLoadError' },
      });
      expect(await rig().leftovers()).toEqual([]);
    });

    it('never settles: it is given up after a minute, without another try', async () => {
      const flags = makeFlags();
      setUp(hang, flags);
      jest.useFakeTimers();
      const outcome = outcomeOf(rig().open());
      while (Atomics.load(flags, STARTED) === 0) await setImmediate();
      jest.advanceTimersByTime(60_000);
      jest.useRealTimers();
      expect(await outcome).toBeInstanceOf(LastingFailure);
      expect(((await outcome) as LastingFailure).reason.message).toContain(
        "The pool's initializer failed: Error: it was not done within 60 seconds",
      );
      expect(await rig().leftovers()).toEqual([]);
    });

    it('still runs when the slot is closed', async () => {
      const flags = makeFlags();
      setUp(hang, flags);
      const outcome = outcomeOf(rig().open());
      await raised(flags, STARTED);
      await rig().close();
      expect(await outcome).toBeInstanceOf(ParallelError);
      expect(rig().losses).toEqual([]);
      expect(await rig().leftovers()).toEqual([]);
    });
  });
}
