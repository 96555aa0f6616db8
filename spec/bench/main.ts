/**
 * How fast is this package, on each kind of work, beside the other pools and what the machine can do?
 *
 *     npm run bench                          everything; writes docs/benchmarks/
 *     npm run bench -- trivial giants        some groups; prints only
 *     npm run bench -- --quick               a fifth of the repetitions; prints only
 *     npm run bench -- --save                writes in any case
 *
 * Exit code: 0, also when a target is missed; 1 when something of ours failed, or the arguments are wrong.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { writeFormatted } from '../support/report/pages.js';
import type { Contender } from './contenders/Contender.js';
import { halves } from './contenders/halves.js';
import { loop } from './contenders/loop.js';
import { ours } from './contenders/ours.js';
import { piscina } from './contenders/piscina.js';
import { poolifier } from './contenders/poolifier.js';
import { Python } from './contenders/python.js';
import { threadsPool } from './contenders/threads.js';
import { tinypool } from './contenders/tinypool.js';
import { workerpoolContender } from './contenders/workerpool.js';
import { groups as ofArrays, type Cast } from './groups.js';
import { interleave } from './interleave.js';
import { chart } from './report/chart.js';
import { replaceResults } from './report/markdown.js';
import { terminalTable } from './report/terminal.js';
import { resultsOf, type Results, type ViewResult } from './results.js';
import { streams } from './streams.js';
import { waiting } from './waiting.js';
import { WORKERS } from './works.js';

const groups = [...ofArrays, ...streams, ...waiting];
const PEERS = ['piscina', 'tinypool', 'workerpool', 'poolifier', 'threads'];
const DOCS = new URL('../../docs/benchmarks/', import.meta.url);

await main();
// Some of the pools would keep the process alive.
process.exit();

async function main(): Promise<void> {
  const { quick, save, chosen } = readArguments();
  const mode = quick ? 'quick' : 'full';
  const loadAverage = Number(loadavg()[0]!.toFixed(2));
  const cast = await openCast();
  const views: ViewResult[] = [];
  for (const group of chosen) {
    const repetitions = group.repetitions[mode];
    const taken = await interleave(group.entries(cast), repetitions, (repetition) =>
      progress(`${group.id}: ${repetition} of ${repetitions}`),
    );
    progress('');
    for (const view of resultsOf(group, taken)) {
      views.push(view);
      console.log(`${terminalTable(view)}\n`);
    }
    if (taken.some(({ entry, failure }) => entry.kind === 'ours' && failure !== undefined)) {
      process.exitCode = 1;
    }
  }
  await closeCast(cast);

  const results: Results = {
    date: new Date().toISOString().slice(0, 10),
    mode,
    machine: {
      node: process.version,
      python: cast.python?.version,
      platform: `${process.platform} ${process.arch}`,
      cores: availableParallelism(),
      loadAverage,
    },
    workers: WORKERS,
    versions: versionsOf(PEERS),
    views,
  };
  if (save) await write(results);
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      options: { quick: { type: 'boolean' }, save: { type: 'boolean' } },
      allowPositionals: true,
    });
    const unknown = positionals.filter((id) => !groups.some((group) => group.id === id));
    if (unknown.length > 0) throw new Error(`Unknown group: ${unknown.join(', ')}`);
    const { quick = false, save = !quick && positionals.length === 0 } = values;
    const chosen = groups.filter(({ id }) => positionals.length === 0 || positionals.includes(id));
    return { quick, save, chosen };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error('Usage: npm run bench [-- [--quick] [--save] [<group> ...]]');
    console.error(`Groups: ${groups.map(({ id }) => id).join(', ')}`);
    process.exit(1);
  }
}

async function openCast(): Promise<Cast> {
  const cast: Cast = {
    ours: ours(),
    loop: loop(),
    halves: halves(),
    piscina: piscina(),
    tinypool: tinypool(),
    workerpool: workerpoolContender(),
    poolifier: poolifier(false),
    poolifierQueue: poolifier(true),
    threads: threadsPool(),
    python: Python.find(),
  };
  await Promise.all(everyoneOf(cast).map((contender) => contender.open()));
  return cast;
}

async function closeCast(cast: Cast): Promise<void> {
  await Promise.all(everyoneOf(cast).map((contender) => contender.close()));
}

function everyoneOf(cast: Cast): (Contender | Python)[] {
  return Object.values(cast as unknown as Record<string, Contender | Python | undefined>).filter(
    (contender) => contender !== undefined,
  );
}

async function write(results: Results): Promise<void> {
  const page = readFileSync(new URL('README.md', DOCS), 'utf8');
  const files = {
    'results.json': JSON.stringify(results),
    'README.md': replaceResults(page, results),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFormatted(new URL(name, DOCS), content);
  }
  writeFileSync(new URL('results.svg', DOCS), chart(results));
}

/** The versions that are installed. Not all of these packages let their package.json be imported. */
function versionsOf(packages: readonly string[]): Record<string, string> {
  const lock = JSON.parse(
    readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
  ) as { packages: Record<string, { version: string }> };
  return Object.fromEntries(
    packages.map((name) => [name, lock.packages[`node_modules/${name}`]!.version]),
  );
}

/** One line that is written over, where someone is watching. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}
