/** The contract: a slot that ends by itself while it holds a batch. */
import { WorkerCrashedError } from '../../../lib/errors.js';
import type { CrashCapabilities } from '../contract.js';
import { blockUntilRaised, makeFlags, raise, raised } from '../../support/handshake.js';
import { kindsOf, reasonOf, Rig } from './Rig.js';

type How =
  | 'process.exit(0)'
  | 'process.exit(7)'
  | 'an uncaught throw in a timer'
  | 'an unhandled rejection'
  | 'running out of memory';

/** Ends the worker in the way that the element says, if it says one. */
const crash = (how: How | undefined): unknown => {
  switch (how) {
    case 'process.exit(0)':
      return process.exit(0);
    case 'process.exit(7)':
      return process.exit(7);
    case 'an uncaught throw in a timer':
      setTimeout(() => {
        throw Object.assign(new RangeError('boom'), { code: 'E_BOOM' });
      }, 0);
      return new Promise(() => undefined);
    case 'an unhandled rejection':
      void Promise.reject(new TypeError('nobody listens'));
      return new Promise(() => undefined);
    case 'running out of memory': {
      const hoard: unknown[] = [];
      while (true) hoard.push({ text: [hoard.length] });
    }
    default:
      return 'fine';
  }
};

interface Known {
  readonly details: object;
  /** What the message says of it. */
  readonly said: string;
}

/** What is known of each crash: the exit code, and the cause where there is one. */
const CRASHES: readonly (readonly [How, Known])[] = [
  ['process.exit(0)', { details: { exitCode: 0 }, said: 'exit code 0' }],
  ['process.exit(7)', { details: { exitCode: 7 }, said: 'exit code 7' }],
  [
    'an uncaught throw in a timer',
    {
      details: { exitCode: 1, cause: { name: 'RangeError', message: 'boom', code: 'E_BOOM' } },
      said: 'uncaught RangeError: boom',
    },
  ],
  [
    'an unhandled rejection',
    {
      details: { exitCode: 1, cause: { name: 'TypeError', message: 'nobody listens' } },
      said: 'uncaught TypeError: nobody listens',
    },
  ],
  [
    'running out of memory',
    {
      details: { exitCode: 1, cause: { code: 'ERR_WORKER_OUT_OF_MEMORY' } },
      said: 'out of memory',
    },
  ],
];

export function crashesOnABatch(
  rig: () => Rig,
  { cramped }: Pick<CrashCapabilities, 'cramped'>,
): void {
  describe.each(CRASHES)('by %s', (how, { details, said }) => {
    it.each([
      ['first', 0],
      ['middle', 2],
      ['last', 4],
    ])('on the %s element of a batch: only that one is lost', async (_, position) => {
      const own = how === 'running out of memory' ? new Rig(cramped()) : rig();
      await own.open();
      const values = [0, 1, 2, 3, 4].map((nth) => (nth === position ? how : undefined));
      const run = own.run(crash, values, { indices: [10, 11, 12, 13, 14] });
      const ends = await run.ends;

      // What is killed can tell no more of the elements that had ended: they run again.
      const kept = how === 'running out of memory' ? 0 : position;
      expect(kindsOf(ends)).toEqual([
        ...Array.from({ length: position }, () => (kept > 0 ? 'value' : 'unstarted')),
        'WorkerCrashedError',
        ...Array.from({ length: 4 - position }, () => 'unstarted'),
      ]);
      const reason = reasonOf(ends[position]);
      expect(reason).toMatchObject({ index: 10 + position, ...details });
      expect(reason.message).toContain(`element ${10 + position} ended: ${said}`);
      // The loss is told of once, after the outcomes that were there before, and before the return.
      const before = Array.from({ length: kept }, (__, nth) => `settled ${nth}`);
      expect(own.said).toEqual([...before, 'lost', `returned ${position}`]);
      expect(own.losses[0]).toBeInstanceOf(WorkerCrashedError);
      expect(own.losses[0]).toMatchObject({ index: undefined, ...details });

      await own.close();
      expect(own.losses).toHaveLength(1);
      expect(own.outOfTurn).toEqual([]);
      expect(await own.leftovers()).toEqual([]);
    });
  });

  it('and keeps every outcome that was there before, of thousands', async () => {
    await rig().open();
    const count = 5000;
    const exitAtLast = (last: boolean): string => (last ? process.exit(0) : 'kept');
    const values = Array.from({ length: count + 1 }, (_, nth) => nth === count);
    const kinds = kindsOf(await rig().run(exitAtLast, values).ends);
    expect(kinds.pop()).toBe('WorkerCrashedError');
    expect(kinds).toEqual(Array.from({ length: count }, () => 'value'));
  });

  it('and returns also when the last result before it cannot be read', async () => {
    await rig().open();
    const flags = makeFlags();
    const exitAtLast = (given: Int32Array, index: number): unknown => {
      if (index === 1) {
        Atomics.store(given, 0, 1);
        Atomics.notify(given, 0);
        process.exit(3);
      }
      const selfCaused = new Error('self');
      selfCaused.cause = selfCaused;
      return selfCaused;
    };
    const run = rig().run(exitAtLast, [flags, flags, flags]);
    // So that the exit is heard of while the result still is in the port.
    blockUntilRaised(flags, 0);
    expect(kindsOf(await run.ends)).toEqual([
      'UncloneableError',
      'WorkerCrashedError',
      'unstarted',
    ]);
  });

  it('and keeps the outcomes of async elements, too', async () => {
    await rig().open();
    const exitAtLast = async (last: boolean): Promise<string> => {
      await Promise.resolve();
      return last ? process.exit(0) : 'kept';
    };
    const ends = await rig().run(exitAtLast, [false, false, true, false]).ends;
    expect(kindsOf(ends)).toEqual(['value', 'value', 'WorkerCrashedError', 'unstarted']);
  });

  it('while a batch is being aborted: it returns, and starts nothing', async () => {
    await rig().open();
    const flags = makeFlags();
    const exitOnGo = async (given: Int32Array): Promise<void> => {
      Atomics.add(given, 0, 1);
      while (Atomics.load(given, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      process.exit(3);
    };
    const run = rig().run(exitOnGo, [flags, flags, flags]);
    await raised(flags, 0);
    rig().executor.abort(0, run.id);
    raise(flags, 1);
    const ends = await run.ends;
    expect(kindsOf(ends)).toEqual(['WorkerCrashedError', 'unstarted', 'unstarted']);
    expect(reasonOf(ends[0])).toMatchObject({ index: 0, exitCode: 3 });
    expect(Atomics.load(flags, 0)).toBe(1);
  });

  it('of one slot, while the others go on', async () => {
    await Promise.all([rig().open(0), rig().open(1)]);
    const flags = makeFlags();
    const waitForGo = async (given: Int32Array): Promise<string> => {
      while (Atomics.load(given, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      return 'went';
    };
    const other = rig().run(waitForGo, [flags, flags], { slot: 1 });
    const run = rig().run(crash, ['process.exit(0)'], { slot: 0 });
    expect(kindsOf(await run.ends)).toEqual(['WorkerCrashedError']);
    raise(flags, 0);
    expect(await other.ends).toEqual([{ value: 'went' }, { value: 'went' }]);
    expect(rig().losses).toHaveLength(1);
  });

  it('and may be closed from within the news of the loss', async () => {
    await rig().open();
    const closed = new Promise<void>((resolve) => {
      rig().onLost(() => resolve(rig().close()));
    });
    const run = rig().run(crash, ['process.exit(0)', undefined]);
    expect(kindsOf(await run.ends)).toEqual(['WorkerCrashedError', 'unstarted']);
    await closed;
    expect(rig().said).toEqual(['lost', 'returned 0']);
  });
}
