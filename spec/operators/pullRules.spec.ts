/**
 * The rules of Reactive Streams (https://github.com/reactive-streams/reactive-streams-jvm, "Specification") in
 * the form that pulling gives them: a call of `next` is a demand for one element, what it resolves to is the signal,
 * and `return` is the cancellation. The numbers are those of the rules.
 */
import { createPool, inline, type Pool } from '../../lib/index.js';
import { areCollected } from '../support/areCollected.js';
import { ManualExecutor } from '../support/manualExecutor.js';

const itself = (value: unknown): unknown => value;

let pool: Pool;
beforeEach(() => (pool = createPool({ size: 2, executor: inline() })));
afterEach(() => pool.destroy());

/** Lets everything happen that can without another demand. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
}

function* numbers(count = Infinity): Generator<number> {
  for (let value = 0; value < count; value++) yield value;
}

describe('as a publisher, mapStream', () => {
  it('signals no more than was asked for (1.1)', async () => {
    const stream = pool.mapStream(numbers(), itself);
    let signals = 0;
    for (let nth = 0; nth < 3; nth++) void stream.next().then(() => signals++);
    await settle();
    expect(signals).toBe(3);
    await stream.return();
  });

  it('may signal fewer, and then ends (1.2)', async () => {
    const stream = pool.mapStream(numbers(1), itself);
    const steps = await Promise.all([stream.next(), stream.next(), stream.next()]);
    expect(steps).toEqual([
      { done: false, value: 0 },
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  it('signals one after the other, in the order in which they were asked for (1.3)', async () => {
    const stream = pool.mapStream(numbers(5), itself, { ordered: true });
    const log: string[] = [];
    const ask = async (name: string): Promise<void> => {
      const { value } = await stream.next();
      log.push(`${name} has ${String(value)}`);
    };
    await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(ask));
    expect(log).toEqual(['a has 0', 'b has 1', 'c has 2', 'd has 3', 'e has 4', 'f has undefined']);
  });

  it.each([
    ['a failure', 1.4],
    ['an error of the source', 1.4],
    ['the end', 1.5],
  ])('signals %s, and nothing after it (%d, 1.7)', async (how) => {
    const boom = new Error('boom');
    const source = (function* () {
      yield 0;
      if (how === 'an error of the source') throw boom;
    })();
    const stream = pool.mapStream(source, () => {
      if (how === 'a failure') throw boom;
    });
    if (how !== 'a failure') await stream.next();
    const last = [stream.next(), stream.next(), stream.next()];
    const ended = { status: 'fulfilled', value: { done: true, value: undefined } };
    const error = how === 'a failure' ? { cause: { message: 'boom' } } : boom;
    const first = how === 'the end' ? ended : { status: 'rejected', reason: error };
    expect(await Promise.allSettled(last)).toMatchObject([first, ended, ended]);
    expect(await stream.next()).toEqual(ended.value);
  });

  it('stops signalling once it is cancelled (1.8), and tells who still waits that it is over', async () => {
    const executor = new ManualExecutor();
    const stream = createPool({ executor }).mapStream(numbers(), itself);
    const waiting = [stream.next(), stream.next()];
    await stream.return();
    const over = { done: true, value: undefined };
    expect(await Promise.all(waiting)).toEqual([over, over]);
    expect(await stream.next()).toEqual(over);
  });

  it('has one subscriber (1.10): whoever iterates it again gets on with the same', async () => {
    const stream = pool.mapStream(numbers(3), itself, { ordered: true });
    const got: unknown[] = [];
    for (const iterator of [stream, stream[Symbol.asyncIterator](), stream]) {
      got.push((await iterator.next()).value);
    }
    expect(got).toEqual([0, 1, 2]);
  });
});

describe('its subscription', () => {
  it('can be asked from within a signal (3.2), without a stack that grows (3.3)', async () => {
    const stream = pool.mapStream(numbers(20_000), itself, { batchSize: 5000 });
    let signals = 0;
    const ask = (): Promise<void> =>
      stream.next().then(({ done }) => {
        if (done) return undefined;
        signals++;
        return ask();
      });
    await ask();
    expect(signals).toBe(20_000);
  });

  it('takes any number of demands at once (3.17)', async () => {
    const stream = pool.mapStream(numbers(10), itself);
    const steps = await Promise.all(Array.from({ length: 10_000 }, () => stream.next()));
    expect(steps.filter(({ done }) => !done)).toHaveLength(10);
  });

  it.each(['return', 'throw', 'asyncDispose'] as const)(
    'is cancelled by %s any number of times, with the same effect (3.7)',
    async (how) => {
      let closed = 0;
      const source = (function* () {
        try {
          yield* numbers();
        } finally {
          closed++;
        }
      })();
      const stream = pool.mapStream(source, itself);
      await stream.next();
      const boom = new Error('boom');
      const cancel = (): PromiseLike<unknown> =>
        how === 'return'
          ? stream.return()
          : how === 'throw'
            ? stream.throw(boom)
            : stream[Symbol.asyncDispose]();
      const results = await Promise.allSettled([cancel(), cancel(), cancel()]);
      const expected =
        how === 'throw'
          ? { status: 'rejected', reason: boom }
          : { status: 'fulfilled', value: how === 'return' ? { done: true } : undefined };
      expect(results).toMatchObject([expected, expected, expected]);
      expect(closed).toBe(1);
    },
  );

  it('tells once of what the source throws while it is cancelled, as a generator does', async () => {
    const source = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: 1 }),
        return: () => {
          throw new Error('closing');
        },
      }),
    };
    const stream = pool.mapStream(source, itself);
    await stream.next();
    const [first, ...others] = await Promise.allSettled([
      ...[stream.return(), stream.return()],
      stream[Symbol.asyncDispose](),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: { message: 'closing' } });
    expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  });

  it('has no effect once it is over (3.6, 3.7)', async () => {
    const stream = pool.mapStream(numbers(1), itself);
    await stream.next();
    await stream.next();
    expect(await stream.return()).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('lets elements and results go that are over (3.13)', async () => {
    const stream = pool.mapStream(named(3), (value: { name: number }) => ({ ...value }), {
      ordered: true,
      batchSize: 3,
    });
    expect(await areCollected([await firstOf(stream)])).toBe(true);
    await stream.return();
    expect(await areCollected(inputs)).toBe(true);
  });
});

const inputs: WeakRef<object>[] = [];

function* named(count: number): Generator<{ name: number }> {
  for (let name = 0; name < count; name++) {
    const value = { name };
    inputs.push(new WeakRef(value));
    yield value;
  }
}

/** In a function of its own, so that no variable of the test holds it. */
async function firstOf(stream: AsyncIterator<object, undefined>): Promise<WeakRef<object>> {
  return new WeakRef((await stream.next()).value!);
}

describe('as a subscriber of its source, it', () => {
  it('asks for the next element when the one before has come (2.7)', async () => {
    let asked = 0;
    let most = 0;
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          most = Math.max(most, ++asked);
          await new Promise(setImmediate);
          asked--;
          return { done: false, value: 1 };
        },
      }),
    };
    const stream = pool.mapStream(source, itself);
    await Promise.all([stream.next(), stream.next(), stream.next()]);
    await stream.return();
    expect(most).toBe(1);
  });

  it('asks for nothing after the end, an error or its own cancellation (2.4)', async () => {
    for (const how of ['end', 'error', 'cancel'] as const) {
      const calls: string[] = [];
      const source = {
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            calls.push('next');
            await Promise.resolve();
            if (how === 'error') throw new Error('boom');
            return { done: how === 'end', value: 1 };
          },
          return: async () => {
            calls.push('return');
            return await Promise.resolve({ done: true, value: undefined });
          },
        }),
      };
      const stream = pool.mapStream(source, itself, { highWaterMark: 2 });
      await stream.next().catch(() => undefined);
      if (how === 'cancel') await stream.return();
      const before = [...calls];
      await settle();
      expect(calls).toEqual(before);
      expect(calls.includes('return')).toBe(how === 'cancel');
      await stream.return();
    }
  });
});
