import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { TaskLoadError } from '../../lib/errors.js';
import { LastingFailure } from '../../lib/executors/Executor.js';
import { threads } from '../../lib/executors/threads/threads.js';
import { prepareTask, type PreparedTask } from '../../lib/task/prepareTask.js';
import { makeFlags, raise, raised } from '../support/handshake.js';
import { describeExecutor } from './contract.js';
import { kindsOf, reasonOf, Rig } from './contract/Rig.js';

const fixtures = join(__dirname, '../fixtures');
const preloading = (file: string) => () =>
  threads({ execArgv: ['--require', join(fixtures, 'preloads', file)] });

describeExecutor('threads()', threads, {
  crashes: {
    broken: {
      'an option that Node does not know': () => threads({ execArgv: ['--no-such-option'] }),
      'a preloaded module that is not there': preloading('missing.cjs'),
      'a preloaded module that exits with 0': preloading('exit0.cjs'),
      'a preloaded module that exits with 3': preloading('exit3.cjs'),
      'a preloaded module that throws': preloading('throw.cjs'),
      'a preloaded module that throws later': preloading('throwLater.cjs'),
      'a preloaded module that exits during the hand-shake': preloading('exitAtConnect.cjs'),
    },
    cramped: () => threads({ resourceLimits: { maxOldGenerationSizeMb: 16 } }),
  },
});

const ofSource = (source: string) => () =>
  threads({ worker: () => new Worker(source, { eval: true }) });
const ofFile = (options: WorkerOptions) => () =>
  threads({ worker: () => new Worker(join(fixtures, 'workers/exposes.cjs'), options) });

describeExecutor('threads() of a worker file', ofFile({}), {
  crashes: {
    broken: {
      'a function that throws': () =>
        threads({
          worker: () => {
            throw new RangeError('no worker today');
          },
        }),
      'a function that returns no Worker': () => threads({ worker: (() => ({})) as never }),
      'a file that is not there': () => threads({ worker: () => new Worker('/no/such/file.cjs') }),
      'a file that does not compile': ofSource('const x = ;'),
      'a file that throws': ofSource('throw new RangeError("at load")'),
      'a file that exits': ofSource('process.exit(3)'),
      'a file that ends without a hello': ofSource(''),
      'a file that says hello by the expose of threads': ofSource(
        'require("threads/worker").expose({ double: (value) => value * 2 })',
      ),
      'an expose of nothing': ofSource('require("rxjs-parallel-map/worker").expose({})'),
    },
    cramped: ofFile({ resourceLimits: { maxOldGenerationSizeMb: 16 } }),
  },
});

describe('threads(), beyond the contract', () => {
  let rig: Rig;

  beforeEach(() => {
    rig = new Rig(threads());
  });

  afterEach(async () => {
    await rig.closeAll();
    expect(rig.outOfTurn).toEqual([]);
    expect(await rig.leftovers()).toEqual([]);
  });

  describe('a slot that cannot be opened says why', () => {
    it.each([
      ['an option that Node does not know', ['--no-such-option'], /--no-such-option/],
      ['an exit', ['--require', join(fixtures, 'preloads/exit3.cjs')], /exit code 3/],
      ['an error', ['--require', join(fixtures, 'preloads/throw.cjs')], /RangeError: preload/],
    ])('%s', async (_, execArgv, expected) => {
      const broken = new Rig(threads({ execArgv }));
      await expect(broken.open()).rejects.toThrow(expected);
    });
  });

  it.each([
    ['our own', preloading('hang.cjs')],
    ["the user's", ofSource('setInterval(() => undefined, 1000)')],
    ["the user's, in an endless loop", ofSource('while (true);')],
  ])('a worker that never says hello is given up, and ended: %s', async (_, makeExecutor) => {
    jest.useFakeTimers();
    const hanging = new Rig(makeExecutor());
    const opening = hanging.open().catch((reason: unknown) => reason);
    jest.advanceTimersByTime(60_000);
    jest.useRealTimers();
    const failure = await opening;
    // Another try would take as long, for nothing.
    expect(failure).toBeInstanceOf(LastingFailure);
    expect((failure as LastingFailure).reason).toMatchObject({
      name: 'WorkerCrashedError',
      message: expect.stringContaining('did not say hello within 10 seconds') as unknown,
    });
    expect(await hanging.leftovers()).toEqual([]);
  });

  describe('an initializer that ends its worker', () => {
    it.each([
      ['by exit', () => process.exit(3), /initializer failed: exit code 3\./],
      [
        'by an error behind its back',
        () => {
          setTimeout(() => {
            throw new RangeError('late');
          });
          return new Promise(() => undefined);
        },
        /initializer failed: uncaught RangeError: late\./,
      ],
      [
        'by a rejection that nobody handles',
        () => {
          void Promise.reject(new RangeError('alone'));
          return new Promise(() => undefined);
        },
        /initializer failed: uncaught RangeError: alone\./,
      ],
    ])('%s is told of', async (_, fn, expected) => {
      const initializer = prepareTask(fn, 'the spec');
      rig.executor.setUp({ initializer });
      await expect(rig.open()).rejects.toThrow(expected);
      expect(await rig.leftovers()).toEqual([]);
    });

    it('never, in an endless loop: it is given up after a minute', async () => {
      const flags = makeFlags();
      const loop = ({ shared }: { shared: Int32Array }): never => {
        Atomics.add(shared, 0, 1);
        while (true);
      };
      rig.executor.setUp({ initializer: prepareTask(loop, 'the spec'), shared: flags });
      jest.useFakeTimers();
      const opening = rig.open().catch((reason: unknown) => reason);
      while (Atomics.load(flags, 0) === 0) await setImmediate();
      jest.advanceTimersByTime(60_000);
      jest.useRealTimers();
      expect(await opening).toBeInstanceOf(LastingFailure);
      expect(await rig.leftovers()).toEqual([]);
    });
  });

  it('a worker file that is stuck once it has said hello is given up, too', async () => {
    const flags = makeFlags();
    const source = `require('rxjs-parallel-map/worker').expose({ double: (x) => 2 * x });
      Atomics.add(require('node:worker_threads').workerData, 0, 1);
      while (true);`;
    const worker = () => new Worker(source, { eval: true, workerData: flags });
    const stuck = new Rig(threads({ worker }));
    jest.useFakeTimers();
    const opening = stuck.open().catch((reason: unknown) => reason);
    while (Atomics.load(flags, 0) === 0) await setImmediate();
    // Its hello is in the port.
    for (let turn = 0; turn < 50; turn++) await setImmediate();
    jest.advanceTimersByTime(60_000);
    jest.useRealTimers();
    const failure = await opening;
    expect(failure).toBeInstanceOf(LastingFailure);
    expect((failure as LastingFailure).message).toContain('was not done within 60 seconds');
    expect(await stuck.leftovers()).toEqual([]);
  });

  describe('a batch that the worker cannot read, behind one that runs', () => {
    const waitForGo = async (flags: Int32Array): Promise<string> => {
      Atomics.add(flags, 0, 1);
      while (Atomics.load(flags, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      return 'went';
    };
    const ownCause = new Error();
    ownCause.cause = ownCause;

    it.each([
      ['is told of with who is to blame', false, ['unstarted', 'UncloneableError']],
      ['is left to whoever took it back', true, ['unstarted', 'unstarted']],
    ])('%s', async (_, isReclaimed, kinds) => {
      await rig.open();
      const flags = makeFlags();
      const running = rig.run(waitForGo, [flags]);
      const lost = rig.run<unknown, unknown>((value) => value, [1, ownCause]);
      await raised(flags, 0);
      if (isReclaimed) expect(rig.executor.reclaim!(0, lost.id)).toBe(0);
      raise(flags, 1);
      expect(await running.ends).toEqual([{ value: 'went' }]);
      expect(kindsOf(await lost.ends)).toEqual(kinds);
    });
  });

  describe('a worker that is busy in one go', () => {
    const STARTED = 0;
    const GO = 1;
    /** Blocks the whole thread until the test lets it go. */
    const block = (flags: Int32Array): string => {
      Atomics.add(flags, 0, 1);
      Atomics.wait(flags, 1, 0);
      return 'went';
    };

    it('starts nothing more once its batch was aborted', async () => {
      await rig.open();
      const flags = makeFlags();
      const run = rig.run(block, [flags, flags, flags]);
      await raised(flags, STARTED);
      rig.executor.abort(0, run.id);
      raise(flags, GO);
      expect(await run.ends).toEqual([{ value: 'went' }, 'unstarted', 'unstarted']);
      expect(Atomics.load(flags, STARTED)).toBe(1);
    });

    it('posts the outcomes of the elements before, now and then', async () => {
      await rig.open();
      // Each waits a little, until the test has seen outcomes and lets all others pass.
      const waitALittle = (given: Int32Array, index: number): number => {
        Atomics.wait(given, 1, 0, 1);
        return index;
      };
      const flags = makeFlags();
      const run = rig.run(
        waitALittle,
        Array.from({ length: 5000 }, () => flags),
      );
      await run.firstSettled;
      expect(run.isOver).toBe(false);
      raise(flags, GO);
      expect(await run.ends).toEqual(Array.from({ length: 5000 }, (_, value) => ({ value })));
    });

    it.each([
      ['that waits', block],
      [
        'in an endless loop',
        (flags: Int32Array): never => {
          Atomics.add(flags, 0, 1);
          while (true);
        },
      ],
    ])('%s can be closed', async (_, fn) => {
      await rig.open();
      const flags = makeFlags();
      const run = rig.run<Int32Array, unknown>(fn, [flags, flags]);
      await raised(flags, STARTED);
      await rig.close();
      expect(kindsOf(await run.ends)).toEqual(['WorkerCrashedError', 'unstarted']);
    });
  });

  describe('a task', () => {
    const inline = (key: string, source: string): PreparedTask => ({
      key,
      source: { kind: 'inline', source },
      fn: undefined,
    });
    const inModule = (file: string, name: string): PreparedTask => {
      const url = pathToFileURL(join(fixtures, 'modules', file)).href;
      return { key: `${file} ${name}`, source: { kind: 'module', url, name }, fn: undefined };
    };

    it('is sent to a worker once, and known to it from then on', async () => {
      await rig.open(0);
      await rig.open(1);
      const first = inline('same key', '() => "first source"');
      const second = inline('same key', '() => "second source"');
      expect(await rig.runTask(first, [0]).ends).toEqual([{ value: 'first source' }]);
      expect(await rig.runTask(second, [0]).ends).toEqual([{ value: 'first source' }]);
      // What one worker knows, another one does not.
      const elsewhere = rig.runTask(second, [0], { slot: 1 });
      expect(await elsewhere.ends).toEqual([{ value: 'second source' }]);
    });

    it('is sent with the next batch when the first could not be', async () => {
      await rig.open();
      const task = inline('uncloneable at first', '() => "it came"');
      expect(kindsOf(await rig.runTask(task, [() => 0]).ends)).toEqual(['UncloneableError']);
      expect(await rig.runTask(task, [0]).ends).toEqual([{ value: 'it came' }]);
    });

    it('is known even when its first batch was aborted at once', async () => {
      await rig.open();
      const task = inline('aborted at first', '() => "it came"');
      const aborted = rig.runTask(task, [0, 0]);
      rig.executor.abort(0, aborted.id);
      await aborted.ends;
      expect(await rig.runTask(task, [0]).ends).toEqual([{ value: 'it came' }]);
    });

    it('may be named after what objects inherit', async () => {
      await rig.open();
      const task = inline('__proto__', '() => "it came"');
      expect(await rig.runTask(task, [0]).ends).toEqual([{ value: 'it came' }]);
    });

    it.each(['tasks.mjs', 'tasks.cjs'])('of %s keeps the state of its module', async (file) => {
      await rig.open();
      const count = inModule(file, 'count');
      expect(await rig.runTask(count, [0, 0]).ends).toEqual([{ value: 1 }, { value: 2 }]);
      expect(await rig.runTask(count, [0]).ends).toEqual([{ value: 3 }]);
    });

    it.each(['tasks.mjs', 'tasks.cjs'])('may be the default export of %s', async (file) => {
      await rig.open();
      const run = rig.runTask(inModule(file, 'default'), [1]);
      expect(await run.ends).toEqual([{ value: 'default 1' }]);
    });

    it('of a module uses what that imports', async () => {
      await rig.open();
      const run = rig.runTask(inModule('tasks.mjs', 'nameOf'), ['a/b', 'c']);
      expect(await run.ends).toEqual([{ value: 'b' }, { value: 'c' }]);
    });

    it.each([
      [
        'no such export',
        'tasks.mjs',
        'deviation',
        /no exported function "deviation"; it exports: count, default, nameOf\. Export/,
      ],
      ['a slip of the fingers', 'tasks.mjs', 'nameof', /Did you mean "nameOf"\?$/],
      ['an export that is no function', 'tasks.mjs', 'notAFunction', /no exported function/],
      [
        'no such file',
        'missing.mjs',
        'std',
        /missing\.mjs does not load in the worker: Error: Cannot find module '[^']*missing\.mjs'\. The first argument of task\(\) says that it is there$/,
      ],
      ['a module that throws', 'throwOnImport.mjs', 'never', /RangeError: not today$/],
      [
        'a module that throws what is no error',
        'throwObjectOnImport.mjs',
        'never',
        /: an object \(Object\) was thrown \(not an Error\)$/,
      ],
    ])('that cannot be had (%s) fails its elements, not its worker', async (_, file, name, why) => {
      await rig.open();
      const ends = await rig.runTask(inModule(file, name), [0, 0]).ends;
      for (const end of ends) {
        expect(reasonOf(end)).toBeInstanceOf(TaskLoadError);
        expect(reasonOf(end).message).toMatch(why);
      }
      expect(await rig.run((value: number) => value, [1]).ends).toEqual([{ value: 1 }]);
    });

    it('tells with its error what its module threw', async () => {
      await rig.open();
      const [end] = await rig.runTask(inModule('throwOnImport.mjs', 'never'), [0]).ends;
      const { cause } = reasonOf(end);
      expect(cause).toMatchObject({ message: 'not today', code: 'E_NOT_TODAY' });
      expect(cause).toBeInstanceOf(RangeError);
      expect((cause as Error).stack).toMatch(/throwOnImport\.mjs:\d+/);
      expect((cause as Error).stack).not.toContain('worker.cjs');
    });

    it('whose module ends the worker was never started', async () => {
      await rig.open();
      const ends = await rig.runTask(inModule('exitOnImport.mjs', 'never'), [0, 0]).ends;
      expect(kindsOf(ends)).toEqual(['unstarted', 'unstarted']);
      expect(rig.said).toEqual(['lost', 'returned']);
      expect(rig.losses[0]).toMatchObject({ exitCode: 9 });
    });
  });

  it('passes its options to the workers', async () => {
    const own = new Rig(threads({ env: { GREETING: 'hello' }, execArgv: ['--no-warnings'] }));
    await own.open();
    const tell = () => [process.env['GREETING'], process.execArgv];
    expect(await own.run(tell, [0]).ends).toEqual([{ value: ['hello', ['--no-warnings']] }]);
    await own.close();
  });
});
