/**
 * Measures the program on all cores against the same one on a single thread: time, what of it the
 * processors ran, and memory over time.
 *
 *     npm run etl:compare              100 MB
 *     npm run etl:compare -- 1GB       takes some minutes, and three times the space in the temporary folder
 *
 * Each is run three times, in turn. Writes `memory.svg` beside this file. For Linux, which tells how much memory
 * another process has.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from 'simple-statistics';
import { bytes, duration, times } from '../compress-folder/format.js';
import { memoryPicture, type Run, type Sample } from './memoryPicture.js';

const ROUNDS = 3;

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const [size = '100MB'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'etl-'));
try {
  await compare();
} finally {
  rmSync(folder, { recursive: true });
}

async function compare(): Promise<void> {
  const input = join(folder, 'orders.ndjson');
  const tsx = ['--import', 'tsx'];
  execFileSync(process.execPath, [...tsx, here('generate.ts'), size, input], { stdio: 'inherit' });
  const cores = availableParallelism();
  const runs: Run[] = [];
  const written = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const threads of [0, cores]) {
      const output = join(folder, 'clean.ndjson');
      const program = [here('main.ts'), input, output, '--threads', String(threads)];
      const run = { threads, ...(await measure([...tsx, ...program])) };
      console.log(`${threads} workers: ${said(run)}`);
      runs.push(run);
      written.add(execFileSync('sha256sum', [output], { encoding: 'utf8' }));
    }
  }
  if (written.size > 1) throw new Error('The results differ');
  const [alone, shared] = [0, cores].map((threads) => typical(runs, threads)) as [Run, Run];
  console.log(`medians: ${said(alone)} and ${said(shared)}; ${times(alone.took / shared.took)}`);
  writeFileSync(here('memory.svg'), memoryPicture(size, [alone, shared]));
}

/** The run that took the median. */
function typical(runs: readonly Run[], threads: number): Run {
  const some = runs.filter((run) => run.threads === threads);
  const took = median(some.map((run) => run.took));
  return some.find((run) => run.took === took)!;
}

function said({ took, cpu, samples }: Run): string {
  const highest = Math.max(...samples.map(({ rss }) => rss));
  return `${duration(took)}, ${duration(cpu)} of processors, ${bytes(highest)} at most`;
}

function measure(args: readonly string[]): Promise<Omit<Run, 'threads'>> {
  const started = performance.now();
  const samples: Sample[] = [];
  let cpu = 0;
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const timer = setInterval(() => {
    const rss = rssOf(child.pid!);
    if (rss === undefined) return;
    samples.push({ at: performance.now() - started, rss });
    cpu = cpuOf(child.pid!);
  }, 100);
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('exit', (code) => {
      clearInterval(timer);
      // 1: there were rejects, as there should be.
      if (code === 1) resolve({ took: performance.now() - started, cpu, samples });
      else reject(new Error(`It ended with ${code}`));
    });
  });
}

/** Bytes; undefined once it has ended. */
function rssOf(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Milliseconds that all of its threads have run. Linux counts in hundredths of a second. */
function cpuOf(pid: number): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}
