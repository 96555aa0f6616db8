/** What `mapStream` promises, whatever its source, its function and its reader do. */
import * as fc from 'fast-check';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { createPool, inline, type Pool, type SettledElement } from '../../lib/index.js';

interface Story {
  readonly kind: 'generator' | 'async generator' | 'Readable' | 'ReadableStream' | 'promises';
  readonly length: number;
  /** How many turns the source takes for each element, in turn. */
  readonly sourceTurns: readonly number[];
  /** Where it throws. */
  readonly sourceThrowsAt: number | undefined;
  readonly elementTurns: readonly number[];
  readonly elementThrowsAt: number | undefined;
  readonly ordered: boolean;
  readonly settled: boolean;
  readonly highWaterMark: number | undefined;
  readonly reorderWindow: number | undefined;
  readonly batchSize: number | undefined;
  readonly concurrency: number;
  /** How many results are asked for at once. */
  readonly readers: number;
  readonly readerTurns: readonly number[];
  /** After how many results it is ended early. */
  readonly breaksAfter: number | undefined;
}

const few = fc.array(fc.nat(3), { minLength: 1, maxLength: 4 });
const maybe = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(some, { nil: undefined, freq: 2 });

const stories: fc.Arbitrary<Story> = fc.record({
  kind: fc.constantFrom('generator', 'async generator', 'Readable', 'ReadableStream', 'promises'),
  length: fc.oneof(fc.nat(12), fc.nat(80)),
  sourceTurns: few,
  sourceThrowsAt: maybe(fc.nat(40)),
  elementTurns: few,
  elementThrowsAt: maybe(fc.nat(40)),
  ordered: fc.boolean(),
  settled: fc.boolean(),
  highWaterMark: maybe(fc.integer({ min: 1, max: 9 })),
  reorderWindow: maybe(fc.integer({ min: 1, max: 9 })),
  batchSize: maybe(fc.integer({ min: 1, max: 9 })),
  concurrency: fc.integer({ min: 1, max: 4 }),
  readers: fc.integer({ min: 1, max: 3 }),
  readerTurns: few,
  breaksAfter: maybe(fc.nat(40)),
});

const boom = new Error('the source throws');

async function turns(pattern: readonly number[], nth: number): Promise<void> {
  for (let left = pattern[nth % pattern.length]!; left > 0; left--) await Promise.resolve();
}

/** What becomes of a source while it is read. */
interface Reading {
  read: number;
  closed: number;
  /** Elements read, and not given to whoever iterates, at most. */
  most: number;
  given: number;
}

function sourceOf(story: Story, reading: Reading): Iterable<unknown> {
  const step = (index: number): number => {
    if (index === story.sourceThrowsAt) throw boom;
    reading.read++;
    reading.most = Math.max(reading.most, reading.read - reading.given);
    return index;
  };
  function* generate(): Generator {
    try {
      for (let index = 0; index < story.length; index++) yield step(index);
    } finally {
      reading.closed++;
    }
  }
  async function* generateAsync(): AsyncGenerator {
    try {
      for (let index = 0; index < story.length; index++) {
        await turns(story.sourceTurns, index);
        yield step(index);
      }
    } finally {
      reading.closed++;
    }
  }
  function* promises(): Generator {
    try {
      for (let index = 0; index < story.length; index++) {
        yield turns(story.sourceTurns, index).then(() => step(index));
      }
    } finally {
      reading.closed++;
    }
  }
  switch (story.kind) {
    case 'generator':
      return generate();
    case 'promises':
      return promises();
    case 'async generator':
      return generateAsync() as never;
    // These read ahead themselves, by one.
    case 'Readable':
      return Readable.from(generateAsync(), { highWaterMark: 1 }) as never;
    case 'ReadableStream':
      return ReadableStream.from(generateAsync()) as never;
  }
}

/** Which of the elements come, in the best case; undefined where all do. */
function lastOf({ length, sourceThrowsAt = Infinity, elementThrowsAt, settled }: Story): {
  readonly count: number;
  readonly failure: 'source' | 'element' | undefined;
} {
  const count = Math.min(length, sourceThrowsAt);
  if (!settled && elementThrowsAt !== undefined && elementThrowsAt < count) {
    return { count: elementThrowsAt, failure: 'element' };
  }
  return { count, failure: sourceThrowsAt < length ? 'source' : undefined };
}

let pool: Pool;
beforeAll(() => (pool = createPool({ size: 4, executor: inline() })));
afterAll(() => pool.destroy());

/** Reads the stream as the story has it. */
async function play(story: Story, reading: Reading) {
  const { elementTurns, elementThrowsAt, ordered, settled } = story;
  const run = async (index: number): Promise<number> => {
    await turns(elementTurns, index);
    if (index === elementThrowsAt) throw new RangeError('the element throws');
    return index * 2;
  };
  const stream = pool.mapStream(sourceOf(story, reading) as Iterable<number>, run, {
    ordered,
    settled,
    concurrency: story.concurrency,
    highWaterMark: story.highWaterMark,
    ...(ordered && { reorderWindow: story.reorderWindow }),
    batchSize: story.batchSize,
  });
  const results: unknown[] = [];
  const errors: unknown[] = [];
  let isOver = false;
  const readAll = async (): Promise<void> => {
    while (!isOver) {
      try {
        const { done, value } = await stream.next();
        if (done) return;
        reading.given++;
        results.push(value);
        await turns(story.readerTurns, reading.given);
        if (results.length > (story.breaksAfter ?? Infinity)) {
          isOver = true;
          await stream.return();
        }
      } catch (error) {
        errors.push(error);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: story.readers }, readAll));
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  return { results, errors, isOver, undelivered: stream.undelivered };
}

const indexOf = (result: unknown): number =>
  typeof result === 'number' ? result / 2 : (result as SettledElement<number>).index;

it('delivers each element once, in order where it is asked for, and ends once', async () => {
  const property = fc.asyncProperty(stories, async (story) => {
    const reading: Reading = { read: 0, closed: 0, most: 0, given: 0 };
    const { results, errors, isOver } = await play(story, reading);
    const indices = results.map(indexOf);
    expect(new Set(indices).size).toBe(indices.length);
    if (story.ordered) expect(indices).toEqual(indices.map((_, nth) => nth));
    const { count, failure } = lastOf(story);
    if (failure !== 'element') expect(Math.max(-1, ...indices)).toBeLessThan(count);
    if (isOver) return;
    if (failure === 'element') {
      expect(errors).toMatchObject([{ name: 'TaskError', index: story.elementThrowsAt }]);
    } else {
      expect(errors).toEqual(failure === 'source' ? [boom] : []);
      expect(indices).toHaveLength(count);
    }
  });
  await fc.assert(property, { numRuns: 500 });
});

it('reads no further than it may, and closes what it has not read to its end', async () => {
  const property = fc.asyncProperty(stories, async (story) => {
    const reading: Reading = { read: 0, closed: 0, most: 0, given: 0 };
    const { undelivered } = await play(story, reading);
    for (let turn = 0; turn < 5 && reading.closed === 0; turn++) await new Promise(setImmediate);
    expect(reading.closed).toBeLessThanOrEqual(1);
    const hasBegun = reading.read > 0 || story.sourceThrowsAt === 0;
    if (hasBegun) expect(reading.closed).toBe(1);
    const { ordered, reorderWindow = Infinity, highWaterMark = Infinity } = story;
    const bound = Math.min(highWaterMark, ordered ? reorderWindow : Infinity);
    const ownAhead = story.kind === 'Readable' || story.kind === 'ReadableStream' ? 2 : 0;
    // Of several who read, each may hold one that it has not counted.
    expect(reading.most).toBeLessThanOrEqual(bound + ownAhead + story.readers - 1);
    expect(undelivered).toBeGreaterThanOrEqual(0);
  });
  await fc.assert(property, { numRuns: 500 });
});
