/** What users read when something went wrong: the worker's frames, then where they made the call. */
import { of, lastValueFrom, type Observable } from 'rxjs';
import { createPool, inline, mapArray, parallelMap, threads, type Pool } from '../../lib/index.js';

const fail = (): never => {
  const innermost = (): never => {
    throw new RangeError('no');
  };
  return innermost();
};

/** The names in an error's frames, from the top. */
function framesOf(error: unknown): string[] {
  const { stack } = error as Error;
  const frames = stack!.split('\n').filter((line) => line.startsWith('    at '));
  return frames.map((line) => line.replace(/^ {4}at (?:async )?/, '').replace(/ \(.*/, ''));
}

describe.each([
  ['threads()', threads],
  ['inline()', inline],
])('a stack, with %s', (_, makeExecutor) => {
  let pool: Pool;
  beforeEach(() => {
    pool = createPool({ size: 1, executor: makeExecutor() });
  });
  afterEach(() => pool.destroy());

  const userMaps = (): Promise<unknown> => pool.mapArray([1], fail);
  const userRuns = async (): Promise<unknown> => await pool.run(fail, 1);
  const userMapsWith = (): Promise<unknown> => mapArray([1], fail, { pool });
  const userPipes = (): Observable<unknown> => of(1).pipe(parallelMap(fail, { pool }));
  const userPipesOn = (): Observable<unknown> => of(1).pipe(pool.parallelMap(fail));

  it.each([
    ['pool.mapArray', 'userMaps', userMaps],
    ['pool.run', 'userRuns', userRuns],
    ['mapArray', 'userMapsWith', userMapsWith],
    ['parallelMap', 'userPipes', () => lastValueFrom(userPipes())],
    ['pool.parallelMap', 'userPipesOn', () => lastValueFrom(userPipesOn())],
  ])('of a function that throws names it, and where %s was called', async (caller, user, call) => {
    const error: unknown = await call().catch((reason: unknown) => reason);
    const frames = framesOf(error);
    expect(frames[0]).toBe('innermost');
    const separator = frames.indexOf(`--- ${caller} was called from ---`);
    expect(frames[separator + 1]).toBe(user);
    // Two of the function's own, and nothing of ours.
    expect(separator).toBe(2);
    expect(framesOf((error as Error).cause)).toHaveLength(2);
  });

  it('is there in each element of a settled call', async () => {
    const userSettles = (): ReturnType<typeof pool.mapArray<number, never, undefined, true>> =>
      pool.mapArray([1, 2], fail, { settled: true });
    for (const element of await userSettles()) {
      expect(framesOf(element.status === 'rejected' && element.reason)).toContain('userSettles');
    }
  });

  it('of a value that cannot be copied begins where the call was made', async () => {
    const bad: unknown = () => 0;
    const userSends = (): Promise<unknown> => pool.mapArray([bad], (value) => value);
    const userReceives = async (): Promise<unknown> => await pool.run((): unknown => () => 0, 1);
    expect(framesOf(await userSends().catch((reason: unknown) => reason))[0]).toBe('userSends');
    expect(framesOf(await userReceives().catch((reason: unknown) => reason))[0]).toBe(
      'userReceives',
    );
  });
});

describe('a stack, when a worker ends', () => {
  it('begins where the call was made', async () => {
    const pool = createPool({ size: 1 });
    const userCrashes = (): Promise<unknown> => pool.mapArray([1], () => process.exit(3));
    const error: unknown = await userCrashes().catch((reason: unknown) => reason);
    expect((error as Error).name).toBe('WorkerCrashedError');
    expect(framesOf(error)[0]).toBe('userCrashes');
    await pool.destroy();
  });

  it('tells the place in the user’s file of what an inline function threw later', async () => {
    const pool = createPool({ size: 1 });
    const throwsLater = (): Promise<never> => {
      setTimeout(() => {
        throw new RangeError('later');
      });
      return new Promise(() => undefined);
    };
    const error = (await pool.run(throwsLater, 1).catch((reason: unknown) => reason)) as Error;
    for (const { stack } of [error, error.cause as Error]) {
      expect(stack).toContain(`(${__filename}:`);
      expect(stack).not.toContain('inline-task-');
    }
    await pool.destroy();
  });

  it('begins where the call was made also when none could be started', async () => {
    const pool = createPool({ execArgv: ['--no-such-option'] });
    const userStarts = (): Promise<unknown> => pool.mapArray([1], (value) => value);
    const error: unknown = await userStarts().catch((reason: unknown) => reason);
    expect(framesOf(error)).toContain('userStarts');
    await pool.destroy();
  });
});
