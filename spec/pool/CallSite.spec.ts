import { PoolClosedError, TaskError, UncloneableError } from '../../lib/errors.js';
import { CallSite } from '../../lib/pool/CallSite.js';

function face(): CallSite {
  return inner();
}
function inner(): CallSite {
  return CallSite.here('face', face);
}
function theUser(): CallSite {
  return face();
}

function stackOf(error: Error, site = theUser()): string[] {
  site.showIn(error);
  return error.stack!.split('\n').map((line) => line.replace(/\(.*\)/, '(...)'));
}

describe('where a call was made', () => {
  it('stands below the frames of what the function threw', () => {
    const cause = new RangeError('two\nlines');
    cause.stack = `RangeError: two\nlines\n    at risky (file.ts:1:2)`;
    expect(stackOf(new TaskError(3, cause)).slice(0, 5)).toEqual([
      'TaskError: Element 3 failed: RangeError: two',
      'lines',
      '    at risky (...)',
      '    at --- face was called from ---',
      '    at theUser (...)',
    ]);
  });

  it('is the whole stack where nothing of the user’s was thrown', () => {
    const site = theUser();
    const error = new UncloneableError(0, 'input', 'input[0] is a function', {
      cause: new Error(),
    });
    expect(stackOf(error, site)[1]).toBe('    at theUser (...)');
    expect(stackOf(new TaskError(0, 'text'), site)[1]).toBe('    at theUser (...)');
  });

  it('is put together only when the stack is read, since tracing what was thrown takes a while', () => {
    const cause = new Error();
    const readStack = jest.fn(() => 'Error\n    at risky (file.ts:1:2)');
    Object.defineProperty(cause, 'stack', { get: readStack });
    const error = new TaskError(0, cause);
    theUser().showIn(error);
    expect(readStack).not.toHaveBeenCalled();
    expect(error.stack).toContain('at risky');
    expect(error.stack).toContain('at theUser');
    expect(readStack).toHaveBeenCalledTimes(1);
  });

  it('is who awaits an asynchronous call, found only once that has failed', async () => {
    async function call(): Promise<void> {
      const site = new CallSite('call', call);
      const error = new TaskError(0, 'text');
      site.showIn(error);
      try {
        await new Promise((_, reject) => setImmediate(reject));
      } catch {
        site.rememberAwaiting();
      }
      throw error;
    }
    async function theCaller(): Promise<void> {
      await call();
    }
    async function oneOfAll(): Promise<void> {
      await Promise.all([call(), call()]);
    }
    for (const caller of [theCaller, oneOfAll]) {
      const error = await caller().catch((reason: unknown) => reason as Error);
      expect(error!.stack).toMatch(new RegExp(`at (async )?${caller.name}`));
      expect(error!.stack).not.toContain('node:internal');
    }
  });

  it('leaves other stacks as they are', () => {
    for (const error of [new Error('of a signal'), new PoolClosedError('destroyed')]) {
      const { stack } = error;
      theUser().showIn(error);
      expect(error.stack).toBe(stack);
    }
    expect(() => theUser().showIn('a reason')).not.toThrow();
  });

  it('does not change how many frames other errors have', () => {
    const limit = Error.stackTraceLimit;
    theUser();
    expect(Error.stackTraceLimit).toBe(limit);
  });

  it('is left out where users have turned stacks off', () => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const site = theUser();
    Error.stackTraceLimit = limit;
    expect(stackOf(new TaskError(0, 'text'), site)).toHaveLength(1);
  });

  it.each([undefined, 7, 'no frames'])('bears a stack that is %p', (stack) => {
    const cause = Object.defineProperty(new Error('odd'), 'stack', { value: stack });
    expect(stackOf(new TaskError(0, cause))[1]).toBe('    at theUser (...)');
  });
});
