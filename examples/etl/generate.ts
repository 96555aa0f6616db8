/**
 * Writes made-up orders of a web shop as NDJSON: the same for the same size and seed.
 *
 *     npm run etl:generate -- 1GB orders.ndjson
 *     npm run etl:generate -- 500kB orders.ndjson --seed 2 --bad 0.01
 *
 * `--bad` is the share of lines that are no valid order; by default, one of a thousand.
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { generateOrders } from './generateOrders.js';

const UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      bad: { type: 'string', default: '0.001' },
    },
  });
  const [size = '', file] = positionals;
  const [, amount, unit] = /^(\d+)(B|kB|MB|GB)$/.exec(size) ?? [];
  if (amount === undefined || file === undefined) {
    throw new TypeError('Usage: npm run etl:generate -- <size, such as 1GB> <file>');
  }
  const options = {
    size: Number(amount) * UNITS[unit!]!,
    seed: Number(values.seed),
    bad: Number(values.bad),
  };
  await pipeline(Readable.from(generateOrders(options)), createWriteStream(file));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
