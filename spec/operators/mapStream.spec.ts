/** What `mapStream` gives from sources of every kind, and what becomes of those that misbehave. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { of } from 'rxjs';
import { createPool, inline, mapStream, type ParallelStream, type Pool } from '../../lib/index.js';

const double = (value: number): number => value * 2;
const never = new Promise<never>(() => undefined);

/** Gives numbers from 0 on, and says what is done to it. */
function* counting(log: string[], count = Infinity): Generator<number> {
  try {
    for (let value = 0; value < count; value++) {
      log.push(`gives ${value}`);
      yield value;
    }
  } finally {
    log.push('is closed');
  }
}

async function* eventually<T>(values: Iterable<T>): AsyncGenerator<T> {
  for (const value of values) yield await Promise.resolve(value);
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const results: T[] = [];
  for await (const result of stream) results.push(result);
  return results;
}

let pool: Pool;
beforeEach(() => (pool = createPool({ size: 2, executor: inline() })));
afterEach(() => pool.destroy());

/** What the `finally` of a source may call. */
function failAtTheEnd(): never {
  throw new Error('at the end');
}

describe('mapStream', () => {
  it.each([
    ['an array', () => [1, 2, 3]],
    ['a set', () => new Set([1, 2, 3])],
    ['a generator', () => [1, 2, 3].values()],
    ['an array of promises', () => [Promise.resolve(1), 2, Promise.resolve(3)]],
    ['an async generator', () => eventually([1, 2, 3])],
    ['a Readable', () => Readable.from([1, 2, 3])],
    ['a ReadableStream', () => ReadableStream.from([1, 2, 3])],
    [
      'an async iterable whose steps come at once',
      () => {
        const values = [1, 2, 3].values();
        return { [Symbol.asyncIterator]: () => values as unknown as AsyncIterator<number> };
      },
    ],
    ['nothing but an end', () => eventually<number>([])],
  ])('reads %s', async (_kind, source) => {
    const results = await all(pool.mapStream(source() as Iterable<number>, double));
    const expected = _kind === 'nothing but an end' ? [] : [2, 4, 6];
    expect(results.sort()).toEqual(expected);
  });

  it('uses the shared pool where none is given', async () => {
    expect(await all(mapStream([1, 2, 3], double, { ordered: true }))).toEqual([2, 4, 6]);
  });

  it('starts nothing before the first result is asked for', async () => {
    const log: string[] = [];
    const stream = pool.mapStream(counting(log), double);
    await Promise.resolve();
    expect(log).toEqual([]);
    await stream.next();
    expect(log).toContain('gives 0');
    await stream.return();
  });

  it('gives results in the order of the input where that is asked for', async () => {
    const slowFirst = async (value: number): Promise<number> => {
      for (let turns = 20 - value; turns > 0; turns--) await Promise.resolve();
      return value;
    };
    const values = Array.from({ length: 20 }, (_, nth) => nth);
    const results = await all(pool.mapStream(values, slowFirst, { ordered: true }));
    expect(results).toEqual(values);
  });

  it('gives failures as results where that is asked for', async () => {
    const throwAt1 = (value: number): number => {
      if (value === 1) throw new RangeError('one');
      return value;
    };
    const stream = pool.mapStream([0, 1, 2], throwAt1, { settled: true, ordered: true });
    expect(await all(stream)).toMatchObject([
      { status: 'fulfilled', value: 0, index: 0 },
      { status: 'rejected', reason: { index: 1, cause: { message: 'one' } } },
      { status: 'fulfilled', value: 2, index: 2 },
    ]);
  });

  describe('reads no further', () => {
    it.each([1, 3, 7])('than highWaterMark %i from what was delivered', async (highWaterMark) => {
      let read = 0;
      let delivered = 0;
      const ahead: number[] = [];
      const source = (function* () {
        for (; read < 100;) {
          ahead.push(++read - delivered);
          yield read;
        }
      })();
      for await (const _ of pool.mapStream(source, double, { highWaterMark })) {
        delivered++;
        await new Promise(setImmediate); // lets it read as far as it will
      }
      expect(Math.max(...ahead)).toBe(highWaterMark);
      expect(delivered).toBe(100);
    });

    it('than reorderWindow, where results come in order', async () => {
      const log: string[] = [];
      const waitFor0 = (value: number): unknown => (value === 0 ? never : value);
      const options = { ordered: true, reorderWindow: 5 };
      const stream = pool.mapStream(counting(log), waitFor0 as typeof double, options);
      void stream.next();
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      expect(log).toHaveLength(5);
      await stream.return();
    });

    it('while nobody asks for results', async () => {
      const log: string[] = [];
      const stream = pool.mapStream(counting(log), double, { highWaterMark: 4 });
      await stream.next();
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      // The one that was delivered counts as well, until the next one is asked for.
      expect(log).toHaveLength(4);
      expect(stream.undelivered).toBe(3);
      await stream.return();
    });

    it('at once than others wait for their turn', async () => {
      const others = { hadTheirTurn: false };
      setImmediate(() => (others.hadTheirTurn = true));
      const source = (function* () {
        for (let nth = 0; !others.hadTheirTurn; nth++) {
          const until = performance.now() + 1;
          while (performance.now() < until);
          yield nth;
        }
      })();
      await all(pool.mapStream(source, double, { highWaterMark: 1e9, batchSize: 1e6 }));
      expect(others.hadTheirTurn).toBe(true);
    });
  });

  describe('closes its source', () => {
    it.each([
      [
        'a break',
        async (stream: AsyncIterable<number>) => {
          for await (const _ of stream) break;
        },
      ],
      [
        'an error in the loop',
        async (stream: AsyncIterable<number>) => {
          const loop = async (): Promise<void> => {
            for await (const _ of stream) throw new Error('in the loop');
          };
          await expect(loop()).rejects.toThrow('in the loop');
        },
      ],
      [
        'return()',
        async (stream: AsyncIterable<number>) => {
          const iterator = stream[Symbol.asyncIterator]();
          await iterator.next();
          expect(await iterator.return!()).toEqual({ done: true, value: undefined });
        },
      ],
      [
        'throw()',
        async (stream: AsyncIterable<number>) => {
          const iterator = stream[Symbol.asyncIterator]();
          await iterator.next();
          await expect(iterator.throw!(new Error('thrown'))).rejects.toThrow('thrown');
        },
      ],
      ['a failure', async () => undefined],
    ])('after %s', async (how, end) => {
      for (const kind of ['generator', 'async generator'] as const) {
        const log: string[] = [];
        const source = kind === 'generator' ? counting(log) : eventually(counting(log));
        const fail = (): never => {
          throw new Error('fails');
        };
        const isFailure = how === 'a failure';
        const stream = pool.mapStream(source, isFailure ? fail : double, {
          highWaterMark: 3,
        });
        if (isFailure) {
          await expect(all(stream)).rejects.toThrow('fails');
          // It is not waited for.
          while (log.at(-1) !== 'is closed') await new Promise(setImmediate);
        } else await end(stream);
        expect(log.at(-1)).toBe('is closed');
        expect(log.filter((what) => what === 'is closed')).toHaveLength(1);
        expect(await stream[Symbol.asyncIterator]().next()).toEqual({
          done: true,
          value: undefined,
        });
      }
    });

    it('which is a Readable, by destroying it', async () => {
      const source = Readable.from(counting([]));
      const closed = once(source, 'close');
      for await (const _ of pool.mapStream(source, double)) break;
      await closed;
      expect(source.destroyed).toBe(true);
    });

    it('which is a ReadableStream, by cancelling it', async () => {
      let isCancelled = false;
      const source = new ReadableStream<number>({
        pull: (controller) => controller.enqueue(1),
        cancel: () => void (isCancelled = true),
      });
      for await (const _ of pool.mapStream(source, double)) break;
      expect(isCancelled).toBe(true);
      expect(source.locked).toBe(false);
    });

    it('also if nothing was ever asked of it', async () => {
      const source = Readable.from([1]);
      await pool.mapStream(source, double).return();
      expect(source.destroyed).toBe(true);
    });

    it.each(['signal', 'return', 'destroy'] as const)(
      'once its step is over, if it is ended from within that: %s',
      async (how) => {
        const log: string[] = [];
        const controller = new AbortController();
        const own = createPool({ executor: inline() });
        let ending: Promise<unknown> | undefined;
        const call: { stream?: ParallelStream<number> } = {};
        const source = (function* () {
          try {
            for (let value = 0; ; value++) {
              if (value === 3) {
                if (how === 'signal') controller.abort();
                if (how === 'return') ending = call.stream!.return();
                if (how === 'destroy') ending = own.destroy();
              }
              yield value;
            }
          } finally {
            log.push('is closed');
          }
        })();
        call.stream = own.mapStream(source, double, { signal: controller.signal });
        await Promise.allSettled([all(call.stream), ending]);
        await ending;
        for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
        expect(log).toEqual(['is closed']);
        await own.destroy();
      },
    );

    it('without opening one that is no stream, if nothing was ever asked of it', async () => {
      let isOpened = false;
      const source = {
        [Symbol.iterator]: () => {
          isOpened = true;
          return [1].values();
        },
      };
      await pool.mapStream(source, double).return();
      expect(isOpened).toBe(false);
    });

    it('and is not heard of when it fails late', async () => {
      const unhandled = jest.fn();
      process.on('unhandledRejection', unhandled);
      let give: (() => void) | undefined;
      let steps = 0;
      const source = {
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            if (steps++ === 0) return { done: false, value: 1 };
            await new Promise<void>((resolve) => (give = resolve));
            return { done: false, value: Promise.reject(new Error('late')) };
          },
        }),
      };
      const stream = pool.mapStream(source as never, double);
      await stream.next();
      await stream.return();
      give!();
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      process.off('unhandledRejection', unhandled);
      expect(unhandled).not.toHaveBeenCalled();
    });

    it('and throw() tells of its own error, whatever that throws', async () => {
      const source = (function* () {
        try {
          for (;;) yield 1;
        } finally {
          failAtTheEnd();
        }
      })();
      const stream = pool.mapStream(source, double);
      await stream.next();
      await expect(stream.throw(new Error('mine'))).rejects.toThrow('mine');
    });

    it('and does not wait for a step that never comes', async () => {
      const stuck = (async function* () {
        yield 1;
        await never;
      })();
      for await (const _ of pool.mapStream(stuck, double)) break;
    });

    it('and tells what that throws', async () => {
      const source = (function* () {
        try {
          for (;;) yield 1;
        } finally {
          failAtTheEnd();
        }
      })();
      const stream = pool.mapStream(source, double);
      await stream.next();
      await expect(stream.return()).rejects.toThrow('at the end');
    });

    it('not if that has ended', async () => {
      const log: string[] = [];
      const source = { ...iteratorOf([1, 2]), return: () => log.push('return') };
      await all(pool.mapStream({ [Symbol.iterator]: () => source as never }, double));
      expect(log).toEqual([]);
    });
  });

  describe('gives the error of a source', () => {
    const boom = new RangeError('boom');

    it.each([
      [
        'throws',
        () =>
          (function* () {
            yield* [1, 2];
            throw boom;
          })(),
      ],
      [
        'rejects',
        () =>
          (async function* () {
            yield* [1, 2];
            throw await Promise.resolve(boom);
          })(),
      ],
      ['gives a promise that is rejected', () => [1, 2, Promise.reject(boom)]],
      [
        'is a Readable that is destroyed',
        () =>
          Readable.from(
            (function* () {
              yield* [1, 2];
              throw boom;
            })(),
          ),
      ],
      [
        'is a ReadableStream that errors',
        () => {
          const values = [1, 2];
          return new ReadableStream<number>({
            pull: (controller) => {
              const value = values.shift();
              if (value === undefined) controller.error(boom);
              else controller.enqueue(value);
            },
          });
        },
      ],
    ])('that %s, once what came before is delivered', async (_how, source) => {
      const results: number[] = [];
      const loop = async (): Promise<void> => {
        const stream = pool.mapStream(source() as Iterable<number>, double, { ordered: true });
        for await (const result of stream) results.push(result);
      };
      await expect(loop()).rejects.toBe(boom);
      expect(results).toEqual([2, 4]);
    });

    it('that cannot be opened', async () => {
      const source = {
        [Symbol.iterator]: () => {
          throw boom;
        },
      };
      await expect(all(pool.mapStream(source, double))).rejects.toBe(boom);
    });

    it('that breaks the rules of iterators', async () => {
      const source = { [Symbol.iterator]: () => ({ next: () => 3 }) };
      await expect(all(pool.mapStream(source as never, double))).rejects.toThrow(
        'The source of mapStream must give { done, value } from its next(), but gave 3',
      );
    });
  });

  describe('refuses at the call', () => {
    it.each([
      [undefined, 'undefined'],
      [null, 'null'],
      [3, '3'],
      ['text', '"text". For its characters, hand over [...text]'],
      [{}, 'an object (Object)'],
      [() => [1], 'function (anonymous). Call it: what it returns is the source'],
      [of(1), 'an object (Object). An Observable goes through parallelMap'],
      [Promise.resolve([1]), 'an object (Promise)'],
    ])('%p', (source, quoted) => {
      const call = (): unknown => pool.mapStream(source as never, double);
      expect(call).toThrow(TypeError);
      expect(call).toThrow(
        `pool.mapStream expects an iterable, an async iterable, a Readable of Node or a ReadableStream as its first argument, but got ${quoted}`,
      );
    });

    it('a ReadableStream that is locked', () => {
      const source = ReadableStream.from([1]);
      source.getReader();
      expect(() => pool.mapStream(source, double)).toThrow(/is locked.*tee\(\)/);
    });

    it('a Readable that was destroyed, or read to its end', async () => {
      const destroyed = Readable.from([1]).destroy();
      expect(() => pool.mapStream(destroyed, double)).toThrow('was destroyed before');
      const ended = Readable.from([1]);
      await all(ended);
      expect(() => pool.mapStream(ended, double)).toThrow('was read to its end before');
    });
  });

  it('gives the error of a Readable that has failed meanwhile, or before', async () => {
    const source = new Readable({ read: () => undefined });
    source.on('error', () => undefined);
    const stream = pool.mapStream(source, double);
    const error = new Error('no such file');
    source.destroy(error);
    await once(source, 'close').catch(() => undefined);
    await expect(stream.next()).rejects.toBe(error);
    expect(() => pool.mapStream(source, double)).toThrow(error);
  });

  it('finds out when it begins that others read the source meanwhile', async () => {
    const source = ReadableStream.from([1]);
    const stream = pool.mapStream(source, double);
    source.getReader();
    await expect(stream.next()).rejects.toThrow('is locked');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('ends with the reason of its signal, also while the source is stuck', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const stuck = { [Symbol.asyncIterator]: () => ({ next: () => never }) };
    const stream = pool.mapStream(stuck, double, { signal: controller.signal });
    const step = stream.next();
    controller.abort(reason);
    await expect(step).rejects.toBe(reason);
    const late = pool.mapStream(counting([]), double, { signal: controller.signal });
    await expect(late.next()).rejects.toBe(reason);
    expect(await late.next()).toEqual({ done: true, value: undefined });
  });

  it('ends with the first failure at once, also while the source is stuck', async () => {
    const source = (async function* () {
      yield 1;
      await never;
    })();
    const fail = (): never => {
      throw new Error('fails');
    };
    await expect(all(pool.mapStream(source, fail))).rejects.toThrow('fails');
  });

  it('ends with the pool', async () => {
    const log: string[] = [];
    const stream = pool.mapStream(counting(log), () => never);
    const step = stream.next();
    await pool.destroy();
    await expect(step).rejects.toThrow('The pool was destroyed before this call had ended');
    expect(log.at(-1)).toBe('is closed');
    await expect(pool.mapStream([1], double).next()).rejects.toThrow('The pool is closed');
  });

  it('says how many elements are lost by an early end', async () => {
    const stream = pool.mapStream(counting([]), double, { highWaterMark: 6, settled: true });
    for await (const _ of stream) break;
    expect(stream.undelivered).toBe(5); // six on their way, of which the loop had one
  });
});

function iteratorOf<T>(values: Iterable<T>): Iterator<T> {
  const iterator = values[Symbol.iterator]();
  return { next: () => iterator.next() };
}
