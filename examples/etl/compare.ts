/**
 * Measures the program on all cores against the same one on a single thread: time, and memory over time.
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
      console.log(`${threads} threads: ${duration(run.took)}, ${bytes(highest(run))}`);
      runs.push(run);
      written.add(execFileSync('sha256sum', [output], { encoding: 'utf8' }));
    }
  }
  if (written.size > 1) throw new Error('The results differ');
  const [alone, shared] = [0, cores].map((threads) => typical(runs, threads)) as [Run, Run];
  console.log(
    `medians: ${duration(alone.took)} and ${duration(shared.took)}, ${times(alone.took / shared.took)}`,
  );
  writeFileSync(here('memory.svg'), memoryPicture(size, [alone, shared]));
}

/** The run that took the median. */
function typical(runs: readonly Run[], threads: number): Run {
  const some = runs.filter((run) => run.threads === threads);
  const took = median(some.map((run) => run.took));
  return some.find((run) => run.took === took)!;
}

function highest({ samples }: Pick<Run, 'samples'>): number {
  return Math.max(...samples.map(({ rss }) => rss));
}

function measure(args: readonly string[]): Promise<Omit<Run, 'threads'>> {
  const started = performance.now();
  const samples: Sample[] = [];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const timer = setInterval(() => {
    const rss = rssOf(child.pid!);
    if (rss !== undefined) samples.push({ at: performance.now() - started, rss });
  }, 100);
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('exit', (code) => {
      clearInterval(timer);
      // 1: there were rejects, as there should be.
      if (code === 1) resolve({ took: performance.now() - started, samples });
      else reject(new Error(`It ended with ${code}`));
    });
  });
}

/** Bytes; undefined once it has ended. */
function rssOf(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
