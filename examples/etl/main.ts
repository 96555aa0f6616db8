/**
 * Reads orders of a web shop from a large NDJSON file; checks, converts and enriches them on all cores; writes them in
 * the same order, and what is no order to another file.
 *
 *     npm run etl -- orders.ndjson clean.ndjson
 *     npm run etl -- orders.ndjson clean.ndjson --rejects rejects.ndjson --threads 0
 *
 * Exit code: 0 when every line was an order or empty; 1 when there were rejects; 2 when it could not be done, and then
 * neither file is there; 130 after Ctrl-C, likewise.
 */
import { availableParallelism, constants } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bytes, count, duration } from '../compress-folder/format.js';
import { loadTables } from './tables.js';
import { transformFile, type Plan, type Totals } from './transformFile.js';

const USAGE = `Usage: npm run etl -- <input> <output> [--rejects <file>] [--threads <n>]

Reads orders from an NDJSON file, and writes them checked, converted and enriched.

  --rejects <file>   for lines that are no orders; default: beside the output
  --threads <n>      workers, one per core by default; 0: none, all in one thread

The key for hashing e-mail addresses is read from the environment: ETL_SECRET.`;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The second time, it ends the program as if we had not listened.
  process.once(signal, () => {
    process.exitCode = 128 + constants.signals[signal];
    stop.abort();
  });
}

await main();

async function main(): Promise<void> {
  const started = performance.now();
  try {
    const plan = readArguments();
    if (!plan) {
      console.log(USAGE);
      return;
    }
    const totals = await transformFile(plan, stop.signal);
    console.log(report(totals, plan, performance.now() - started));
    if (totals.rejects > 0) process.exitCode = 1;
  } catch (error) {
    if (stop.signal.aborted) return;
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}

/** @returns undefined: help is wanted. @throws Error with the usage, if they are wrong */
function readArguments(): Plan | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rejects: { type: 'string' },
      threads: { type: 'string', default: String(availableParallelism()) },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const [input, output, ...others] = positionals;
  if (!input || !output || others.length > 0) throw new Error(USAGE);
  if (!/^\d+$/.test(values.threads)) throw new Error(`--threads: not a number\n\n${USAGE}`);
  const rejects = values.rejects ?? output.replace(/(\.ndjson)?$/, '.rejects.ndjson');
  if (new Set([input, output, rejects].map((path) => resolve(path))).size < 3) {
    throw new Error('The input, the output and the rejects must be three files');
  }
  const tables = loadTables(process.env['ETL_SECRET'] ?? 'only an example');
  return { input, output, rejects, threads: Number(values.threads), tables };
}

function report(totals: Totals, { rejects, threads }: Plan, took: number): string {
  const { maxRSS } = process.resourceUsage();
  return [
    `  lines  ${count(totals.lines)}`,
    ` orders  ${count(totals.orders)}`,
    `rejects  ${count(totals.rejects)}${totals.rejects > 0 ? `, in ${rejects}` : ''}`,
    `  empty  ${count(totals.empty)}`,
    `   time  ${duration(took)} on ${threads || 'no'} worker threads, ${bytes((totals.bytes / took) * 1000)}/s`,
    ` memory  ${bytes(maxRSS * 1024)} at most`,
  ].join('\n');
}
