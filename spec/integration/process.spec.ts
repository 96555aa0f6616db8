import { join } from 'node:path';
import { runNode, startNode, type Ending, type Program } from '../support/runNode.js';

const program = (name: string): string => join(__dirname, '../fixtures/programs', name);

/** It ended by itself, without a word on stderr. */
const endedWell = (stdout: string): Ending => ({ code: 0, signal: null, stdout, stderr: '' });

describe('a process ends by itself', () => {
  it.each([
    ['after a call on the shared pool', 'end.mjs', '2,4,6'],
    ['and not before the work is done', 'pending.mjs', '2,4,6 closed'],
    [
      'when its pools were closed while they opened and while they were idle',
      'close.mjs',
      'PoolClosedError',
    ],
    ['and not before an element that failed was tried again', 'tryAgain.mjs', 'fulfilled 2'],
    ['when it is CommonJS with a module task', 'common.cjs', '[[2,false],[4,false],[6,false]]'],
    ['when its workers have workers', 'nested.mjs', '[[11,21],[12,22],[13,23]]'],
  ])('%s', async (_, name, stdout) => {
    expect(await runNode([program(name)])).toEqual(endedWell(stdout));
  });

  it.each([
    ['unused', '2'],
    ['used', 'used'],
    ['shared', '1'],
    ['crash', 'WorkerCrashedError'],
    ['failure', 'TaskError'],
    ['cancelled while workers start', 'cancelled'],
    ['cancelled while they hang before they say hello', 'cancelled'],
    ['cancelled while they hang in the initializer', 'cancelled'],
    ['cancelled while they loop in the initializer', 'cancelled'],
    ['failed initializer', 'WorkerCrashedError'],
    ['initializer that exits', 'WorkerCrashedError'],
    ['second call', 'second'],
  ])('while a pool is open and idle: %s', async (what, stdout) => {
    expect(await runNode([program('idle.mjs'), what])).toEqual(endedWell(stdout));
  });

  it('when code may not be made from text, which only inline functions need', async () => {
    const forbidden = '--disallow-code-generation-from-strings';
    expect(await runNode([forbidden, program('common.cjs')])).toEqual(
      endedWell('[[2,false],[4,false],[6,false]]'),
    );
    expect((await runNode([forbidden, program('end.mjs')])).stderr).toMatch(
      /TaskLoadError: The source of the inline function does not compile in the worker: .* \(EvalError: Code generation from strings disallowed for this context\)\. Make it a module task/,
    );
  });

  it('and not before its pools are destroyed, also when outcomes are on the way', async () => {
    const stdout = 'refused '.repeat(10);
    expect(await runNode([program('destroyAtReturn.mjs')])).toEqual(endedWell(stdout));
  });

  it.each(['wait', 'loop'])('after take(1) while the others %s for ever', async (how) => {
    expect(await runNode([program('abandon.mjs'), how])).toEqual(endedWell('first: 0'));
  });

  it('at once after failures of every kind', async () => {
    const { code, stdout } = await runNode([program('fail.mjs')]);
    expect(stdout).toBe(
      'WorkerCrashedError,TaskError,UncloneableError,WorkerCrashedError,WorkerCrashedError',
    );
    expect(code).toBe(0);
  });

  it('with a failure that nobody handles, as Node does it', async () => {
    const { code, stderr } = await runNode([program('unhandled.mjs')]);
    expect(code).toBe(1);
    expect(stderr).toContain('TaskError: Element 1 failed: RangeError: negative');
  });

  it('with process.exit and its code while workers are busy', async () => {
    expect(await runNode([program('exitWhileBusy.mjs')])).toMatchObject({ code: 6, signal: null });
  });

  it('with an uncaught error of its own while workers are busy', async () => {
    const { code, stderr } = await runNode([program('throwWhileBusy.mjs')]);
    expect(code).toBe(1);
    expect(stderr).toContain('RangeError: main went wrong');
  });
});

describe('signals', () => {
  let running: Program;

  afterEach(async () => {
    running.child.kill('SIGKILL');
    await running.ended;
  });

  it.each([
    ['SIGTERM', 'idle'],
    ['SIGTERM', 'busy'],
    ['SIGTERM', 'loop'],
    ['SIGINT', 'idle'],
    ['SIGINT', 'busy'],
    ['SIGINT', 'loop'],
    ['SIGTERM', 'initializer'],
    ['SIGINT', 'initializer'],
  ] as const)('%s ends a process whose pool is %s, as the signal does', async (signal, how) => {
    running = startNode([program('live.mjs'), how]);
    await running.said('ready');
    running.child.kill(signal);
    // A shell calls these 143 and 130.
    expect(await running.ended).toMatchObject({ code: null, signal });
  });

  it.each([
    ['SIGTERM', 'idle'],
    ['SIGTERM', 'busy'],
    ['SIGTERM', 'loop'],
    ['SIGINT', 'idle'],
    ['SIGINT', 'busy'],
  ] as const)('%s is left to a handler of the user’s own: %s', async (signal, how) => {
    running = startNode([program('live.mjs'), how, signal]);
    await running.said('ready');
    running.child.kill(signal);
    const { code, stdout } = await running.ended;
    expect(stdout).toBe('ready\nshutting down\ndone\n');
    expect(code).toBe(5);
  });

  it('meet no listener of ours', async () => {
    running = startNode([program('listeners.mjs')]);
    expect((await running.ended).stdout).toBe('none');
  });
});

describe('programs without a file', () => {
  it('in one thread wait for the time-out of a promise that nothing else would wait for', async () => {
    const program = `import { createPool, inline } from 'rxjs-parallel-map';
      const pool = createPool({ executor: inline() });
      const [{ reason }] = await pool.mapArray([1], () => new Promise(() => {}), { timeout: 30, settled: true });
      process.stdout.write(reason.name);`;
    const args = ['--input-type=module', '-e', program];
    expect(await runNode(args)).toEqual(endedWell('TaskTimeoutError'));
  });

  const esm = `import { mapArray } from 'rxjs-parallel-map';
    process.stdout.write(String(await mapArray([1, 2, 3], (value) => value * 2, 2)));`;
  const cjs = `const { mapArray } = require('rxjs-parallel-map');
    mapArray([1, 2, 3], (value) => value * 2, 2).then((all) => process.stdout.write(String(all)));`;

  it.each([
    ['node -e', ['-e', cjs], ''],
    ['node --input-type=commonjs -e', ['--input-type=commonjs', '-e', cjs], ''],
    ['node --input-type=module -e', ['--input-type=module', '-e', esm], ''],
    ['node, from standard input', [], cjs],
    ['node -, from standard input', ['-'], cjs],
    ['node --input-type=module, from standard input', ['--input-type=module'], esm],
  ])('%s', async (_, args, stdin) => {
    expect(await runNode(args, { stdin })).toEqual(endedWell('2,4,6'));
  });

  it('node -p', async () => {
    const { code, stdout } = await runNode(['-p', cjs]);
    expect(code).toBe(0);
    expect(stdout).toContain('2,4,6');
  });
});
