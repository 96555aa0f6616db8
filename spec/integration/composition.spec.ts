/** `mapStream` among the streams of Node, of the web and of RxJS, on real files and real workers. */
import fs, {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Transform, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { ReadableStream, TextDecoderStream } from 'node:stream/web';
import { text } from 'node:stream/consumers';
import { setImmediate as again } from 'node:timers';
import { setImmediate } from 'node:timers/promises';
import { from, lastValueFrom, take, toArray } from 'rxjs';
import { createPool, type ParallelStream, type Pool } from '../../lib/index.js';
import { leftoversSince, platformResources, type Resources } from '../support/leftovers.js';

const LINES = 3000;

let before: Resources;
let pool: Pool;
let folder: string;
let input: string;
let output: string;
beforeAll(() => {
  before = platformResources();
});
beforeEach(() => {
  pool = createPool({ size: 2 });
  folder = mkdtempSync(join(tmpdir(), 'composition-'));
  input = join(folder, 'numbers.txt');
  output = join(folder, 'doubled.ndjson');
  writeFileSync(input, Array.from({ length: LINES }, (_, n) => `${n} äöü\n`).join(''));
});
afterEach(async () => {
  await pool.destroy();
  rmSync(folder, { recursive: true });
  // No worker, no port; and no file, which a stream keeps open.
  expect(await leftoversSince(before)).toEqual([]);
});

/** Fails at the line that says so. */
function double(line: string): { readonly n: number } {
  if (line.startsWith('bad')) throw new RangeError(`in ${line}`);
  return { n: parseInt(line, 10) * 2 };
}

async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function* toNdjson(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}

const DOUBLED = Array.from({ length: LINES }, (_, n) => `{"n":${n * 2}}`);

/** Small chunks, so that lines and letters are cut. */
function reading(): ReturnType<typeof createReadStream> {
  return createReadStream(input, { encoding: 'utf8', highWaterMark: 100 });
}

function written(): string[] {
  return readFileSync(output, 'utf8').split('\n').slice(0, -1);
}

describe('in a pipeline of Node', () => {
  it('maps a file into another, with every line once', async () => {
    await pipeline(
      reading(),
      splitLines,
      (lines: AsyncIterable<string>) => pool.mapStream(lines, double, 2),
      toNdjson,
      createWriteStream(output),
    );
    expect(written().sort()).toEqual([...DOUBLED].sort());
  });

  it('keeps the order', async () => {
    await pipeline(
      reading(),
      splitLines,
      (lines: AsyncIterable<string>) => pool.mapStream(lines, double, { ordered: true }),
      toNdjson,
      createWriteStream(output),
    );
    expect(written()).toEqual(DOUBLED);
  });

  it('takes lines from readline', async () => {
    await pipeline(
      reading(),
      (chunks: Readable) => createInterface({ input: chunks }),
      (lines: AsyncIterable<string>) => pool.mapStream(lines, double, { ordered: true }),
      toNdjson,
      createWriteStream(output),
    );
    expect(written()).toEqual(DOUBLED);
  });

  it('maps what a Transform gives, and gives to one', async () => {
    await pipeline(
      reading(),
      lineTransform(),
      (lines: AsyncIterable<string>) => pool.mapStream(lines, double, { ordered: true }),
      new Transform({
        writableObjectMode: true,
        transform: (value, _, done) => {
          done(null, `${JSON.stringify(value)}\n`);
        },
      }),
      createWriteStream(output),
    );
    expect(written()).toEqual(DOUBLED);
  });

  it('reads no further than highWaterMark while the writer takes its time', async () => {
    const highWaterMark = 20;
    let read = 0;
    let furthest = 0;
    let unaccounted = 0;
    let results!: ParallelStream<unknown>;
    async function* counted(lines: AsyncIterable<string>): AsyncGenerator<string> {
      for await (const line of lines) {
        read++;
        yield line;
      }
    }
    const seen: unknown[] = [];
    const writer = new Writable({
      objectMode: true,
      highWaterMark: 1,
      write: (value, _, done) => {
        seen.push(value);
        furthest = Math.max(furthest, results.undelivered);
        // As slow as can be: not before nearly all has been read that may be.
        const wait = (): void => {
          if (read < LINES && results.undelivered < (highWaterMark * 3) / 4)
            return void again(wait);
          furthest = Math.max(furthest, results.undelivered);
          unaccounted = Math.max(unaccounted, read - results.undelivered - seen.length);
          done();
        };
        wait();
      },
    });

    await pipeline(
      reading(),
      splitLines,
      counted,
      (lines: AsyncIterable<string>) =>
        (results = pool.mapStream(lines, double, { ordered: true, highWaterMark })),
      writer,
    );

    expect(furthest).toBeLessThanOrEqual(highWaterMark);
    // Between two stages of the pipeline.
    expect(unaccounted).toBeLessThanOrEqual(2);
    expect(seen).toEqual(DOUBLED.map((line) => JSON.parse(line) as unknown));
    expect(results.undelivered).toBe(0);
  });

  describe('ends all of it, and closes both files, when there fails', () => {
    const failing = new Error('as it should');
    const READ_AHEAD = 64;

    async function failed(
      stages: {
        source?: Readable;
        split?: (chunks: AsyncIterable<string>) => AsyncIterable<string>;
        convert?: (values: AsyncIterable<unknown>) => AsyncIterable<string>;
        target?: Writable;
        signal?: AbortSignal;
      } = {},
    ): Promise<unknown> {
      const source = stages.source ?? reading();
      const target = stages.target ?? createWriteStream(output);
      let results!: ParallelStream<unknown>;
      const error: unknown = await pipeline(
        source,
        stages.split ?? splitLines,
        (lines: AsyncIterable<string>) =>
          (results = pool.mapStream(lines, double, { ordered: true, highWaterMark: READ_AHEAD })),
        stages.convert ?? toNdjson,
        target,
        stages.signal ? { signal: stages.signal } : {},
      ).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeDefined();
      await closed(source);
      await closed(target);
      // The pipeline may tell of the failure just before it lets go of the results: a few of them are still there.
      let left = 0;
      while (!(await results.next()).done) left++;
      expect(left).toBeLessThanOrEqual(READ_AHEAD);
      // The pool has nothing left to do.
      expect(await pool.run(double, '4')).toEqual({ n: 8 });
      return error;
    }

    it('the file, which is not there', async () => {
      rmSync(input);
      expect(await failed()).toMatchObject({ code: 'ENOENT' });
    });

    it('the file, in the middle', async () => {
      let reads = 0;
      const read = (...args: Parameters<typeof fs.read>): void => {
        const done = args.at(-1) as unknown as (error: Error) => void;
        if (++reads === 20) done(failing);
        else fs.read(...args);
      };
      const torn = { open: fs.open, close: fs.close, read: read as typeof fs.read };
      const source = createReadStream(input, { encoding: 'utf8', highWaterMark: 100, fs: torn });
      expect(await failed({ source })).toBe(failing);
    });

    it('the stage before', async () => {
      const split = async function* (chunks: AsyncIterable<string>): AsyncGenerator<string> {
        for await (const line of splitLines(chunks)) {
          if (line.startsWith('100 ')) throw failing;
          yield line;
        }
      };
      expect(await failed({ split })).toBe(failing);
    });

    it('the function', async () => {
      writeFileSync(input, readFileSync(input, 'utf8').replace('\n1000 ', '\nbad '));
      expect(await failed()).toMatchObject({ name: 'TaskError', index: 1000 });
    });

    it('a worker', async () => {
      const dying = (line: string): string => (line.startsWith('100 ') ? process.exit(3) : line);
      const source = reading();
      const target = createWriteStream(output);
      const ending = pipeline(
        source,
        splitLines,
        (lines: AsyncIterable<string>) => pool.mapStream(lines, dying, { ordered: true }),
        target,
      );
      await expect(ending).rejects.toMatchObject({ name: 'WorkerCrashedError', index: 100 });
      await closed(source);
      await closed(target);
    });

    it('the stage behind', async () => {
      const convert = async function* (values: AsyncIterable<unknown>): AsyncGenerator<string> {
        for await (const line of toNdjson(values)) {
          if (line.startsWith(DOUBLED[50]!)) throw failing;
          yield line;
        }
      };
      expect(await failed({ convert })).toBe(failing);
    });

    it('the writer', async () => {
      const target = new Writable({
        write: (line, _, done) => {
          done(String(line).startsWith(DOUBLED[50]!) ? failing : null);
        },
      });
      expect(await failed({ target })).toBe(failing);
    });

    it('the disk, which is full', async () => {
      expect(await failed({ target: createWriteStream('/dev/full') })).toMatchObject({
        code: 'ENOSPC',
      });
    });

    it('the user, who has lost patience', async () => {
      const stop = new AbortController();
      const convert = async function* (values: AsyncIterable<unknown>): AsyncGenerator<string> {
        for await (const line of toNdjson(values)) {
          if (line.startsWith(DOUBLED[50]!)) stop.abort();
          yield line;
        }
      };
      expect(await failed({ convert, signal: stop.signal })).toMatchObject({ name: 'AbortError' });
    });
  });
});

describe('as a stream', () => {
  it('of Node, by Readable.from', async () => {
    const results = Readable.from(pool.mapStream(splitLines(reading()), double, { ordered: true }));
    expect(await results.map((result: { n: number }) => `{"n":${result.n}}`).toArray()).toEqual(
      DOUBLED,
    );
  });

  it('of Node, which is destroyed: the file is closed', async () => {
    const source = reading();
    const mapped = pool.mapStream(splitLines(source), double);
    const results = Readable.from(mapped);
    for await (const _ of results) break;
    await closed(source);
    expect(mapped.undelivered).toBeGreaterThan(0);
    expect(await mapped.next()).toEqual({ done: true, value: undefined });
  });

  it('of Node, which is destroyed with an error', async () => {
    const source = reading();
    const results = Readable.from(pool.mapStream(splitLines(source), double));
    await results[Symbol.asyncIterator]().next();
    const error = new Error('enough');
    results.destroy(error);
    await expect(finished(results)).rejects.toBe(error);
    await closed(source);
  });

  it('of Node, which errors when the function does', async () => {
    writeFileSync(input, 'bad\n');
    const source = reading();
    const results = Readable.from(pool.mapStream(splitLines(source), double));
    await expect(results.toArray()).rejects.toMatchObject({ name: 'TaskError', index: 0 });
    await closed(source);
  });

  it('of the web, and from one', async () => {
    const source = webStreamOf(input);
    const mapped = pool.mapStream(splitLines(source), double, { ordered: true });
    const results = ReadableStream.from(toNdjson(mapped));
    expect(await text(results)).toBe(`${DOUBLED.join('\n')}\n`);
  });

  it('of the web, which is cancelled: the file is closed', async () => {
    const source = reading();
    const mapped = pool.mapStream(splitLines(source), double);
    const reader = ReadableStream.from(mapped).getReader();
    await reader.read();
    await reader.cancel();
    await closed(source);
    expect(await mapped.next()).toEqual({ done: true, value: undefined });
  });

  it('reads chunks of the web as they are, and lets go of the stream at its end and at an error', async () => {
    const lengthOf = (chunk: string): number => chunk.length;
    const source = webStreamOf(input);
    let length = 0;
    for await (const result of pool.mapStream(source, lengthOf)) length += result;
    expect(length).toBe(readFileSync(input, 'utf8').length);
    expect(source.locked).toBe(false);

    const failing = new ReadableStream<string>({
      pull: (controller) => {
        controller.error(new Error('torn'));
      },
    });
    await expect(pool.mapStream(failing, lengthOf).next()).rejects.toThrow('torn');
    expect(failing.locked).toBe(false);
  });

  it('of the web, whose source refuses to be cancelled: it is let go of all the same', async () => {
    const refusing = new ReadableStream<string>({
      pull: (controller) => {
        controller.enqueue('1');
      },
      cancel: () => {
        throw new Error('never');
      },
    });
    const mapped = pool.mapStream(refusing, double);
    await mapped.next();
    await expect(mapped.return()).rejects.toThrow('never');
    expect(refusing.locked).toBe(false);
  });
});

describe('in a loop', () => {
  it('closes the file when it is left', async () => {
    const source = reading();
    for await (const _ of pool.mapStream(splitLines(source), double)) break;
    await closed(source);
  });

  it('closes the file when it is left by an error', async () => {
    const source = reading();
    const loop = async (): Promise<void> => {
      for await (const _ of pool.mapStream(source, (chunk: string) => chunk.length)) {
        throw new Error('mine');
      }
    };
    await expect(loop()).rejects.toThrow('mine');
    await closed(source);
  });

  it('gets what was read before the source failed, and then its error', async () => {
    async function* torn(): AsyncGenerator<string> {
      let lines = 0;
      for await (const line of splitLines(reading())) {
        if (lines++ === 100) throw new Error('torn');
        yield line;
      }
    }
    const seen: unknown[] = [];
    const loop = async (): Promise<void> => {
      for await (const { n } of pool.mapStream(torn(), double, { ordered: true })) seen.push(n);
    };
    await expect(loop()).rejects.toThrow('torn');
    expect(seen).toEqual(Array.from({ length: 100 }, (_, n) => n * 2));
  });

  it('reads the lines of a FileHandle', async () => {
    await using file = await open(input);
    const seen: number[] = [];
    for await (const { n } of pool.mapStream(file.readLines(), double, { ordered: true }))
      seen.push(n);
    expect(seen).toHaveLength(LINES);
  });
});

describe('with RxJS', () => {
  it('is what from() takes', async () => {
    const results = from(pool.mapStream(splitLines(reading()), double, { ordered: true }));
    expect(await lastValueFrom(results.pipe(toArray()))).toHaveLength(LINES);
  });

  it('closes the file when it is unsubscribed from', async () => {
    const source = reading();
    const results = from(pool.mapStream(splitLines(source), double));
    expect(await lastValueFrom(results.pipe(take(3), toArray()))).toHaveLength(3);
    await closed(source);
  });
});

/** Resolves when the stream is closed, and its file with it. */
async function closed(stream: Readable | Writable): Promise<void> {
  await finished(stream).catch(() => undefined);
  expect(stream.destroyed).toBe(true);
  while (!stream.closed) await setImmediate();
}

function lineTransform(): Transform {
  let rest = '';
  return new Transform({
    readableObjectMode: true,
    encoding: 'utf8',
    decodeStrings: false,
    transform(chunk: string, _, done) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.push(line);
      done();
    },
  });
}

function webStreamOf(file: string): ReadableStream<string> {
  const bytes = Readable.toWeb(
    createReadStream(file, { highWaterMark: 100 }),
  ) as ReadableStream<Uint8Array>;
  return bytes.pipeThrough(new TextDecoderStream());
}
