import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { mapStream } from 'rxjs-parallel-map';

/** `Oslo,-3,1,5` becomes an object. */
function summarise(line: string): { readonly city: string; readonly mean: number } {
  const [city = '', ...values] = line.split(',');
  return { city, mean: values.reduce((sum, value) => sum + Number(value), 0) / values.length };
}

/** Lines, wherever the chunks of the file were cut. */
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

const output = join(tmpdir(), 'means.ndjson');
await pipeline(
  createReadStream('examples/samples/temperatures.csv', 'utf8'),
  splitLines,
  (lines: AsyncIterable<string>) => mapStream(lines, summarise, { concurrency: 4, ordered: true }),
  toNdjson,
  createWriteStream(output),
);
process.stdout.write(await readFile(output));
