/**
 * Which of the bugs in mutations.ts do the specs notice, and which specs?
 *
 *     npm run mutate             all of them, a quarter of an hour; prints, and writes docs/mutations.md
 *     npm run mutate -- grace    those with that in their description; prints only
 *
 * Works on a copy of the code, so that this one is never broken.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { replaceBetween, writeFormatted } from '../report/pages.js';
import { markdownTable } from '../report/tables.js';
import { MUTATIONS, type Mutation } from './mutations.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = new URL('../../../docs/mutations.md', import.meta.url);
const MARKERS = {
  begin: '<!-- table: written by npm run mutate -->',
  end: '<!-- end of table -->',
};

/** Not whether the worlds are varied, which they are not if much goes wrong. */
const SIMULATION = ['spec/simulation/', '--testNamePattern=whatever fails'];

/** Asked where the simulation notices nothing. */
const OTHERS = ['spec/scheduler/', 'spec/pool/', 'spec/executors/TimeoutWatch', 'spec/task/ranges'];

/** They need a build, or judge how well slots are used, which takes long. */
const WITHOUT = 'spec/(pool/options|scheduler/(simulation|makespan|fairness))';

/** A bug may well keep a loop from ending. */
const LONGEST = 90_000;

interface Report {
  readonly testResults: readonly { readonly name: string; readonly status: string }[];
}

function specsThatFail(copy: string, specs: readonly string[]): string[] {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const options = ['--json', `--outputFile=${report}`, `--testPathIgnorePatterns=${WITHOUT}`];
  try {
    execFileSync(process.execPath, [jest, ...specs, ...options], {
      cwd: copy,
      stdio: 'ignore',
      timeout: LONGEST,
      killSignal: 'SIGKILL',
      env: { ...process.env, SEED: '1', WORLDS: '1000', SHRINK: 'no' },
    });
    return [];
  } catch {
    return failedIn(report, copy);
  }
}

function failedIn(report: string, copy: string): string[] {
  let text: string;
  try {
    text = readFileSync(report, 'utf8');
  } catch {
    return ['a loop without end'];
  }
  const { testResults } = JSON.parse(text) as Report;
  return testResults
    .filter(({ status }) => status === 'failed')
    .map(({ name }) => name.slice(name.indexOf(copy) + copy.length + '/spec/'.length))
    .sort();
}

function plant({ bug, file, from, to }: Mutation, copy: string): () => void {
  const path = join(copy, 'lib', file);
  const source = readFileSync(path, 'utf8');
  if (source.split(from).length !== 2) {
    throw new Error(`"${bug}": the code to be replaced occurs not once in lib/${file}:\n${from}`);
  }
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  return () => {
    writeFileSync(path, source);
  };
}

const wanted = process.argv[2] ?? '';
const mutations = MUTATIONS.filter(({ bug }) => bug.includes(wanted));
const copy = mkdtempSync(join(tmpdir(), 'mutations-'));
try {
  for (const part of ['lib', 'spec', 'package.json', 'tsconfig.json', 'jest.config.ts']) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  // All of them apply, before the first is tried.
  for (const mutation of mutations) plant(mutation, copy)();
  const healthy = [SIMULATION, OTHERS].flatMap((specs) => specsThatFail(copy, specs));
  if (healthy.length > 0) throw new Error(`Without a bug, these fail: ${healthy.join(', ')}`);

  const rows = mutations.map((mutation) => {
    const remove = plant(mutation, copy);
    let failed = specsThatFail(copy, SIMULATION);
    if (failed.length === 0) failed = specsThatFail(copy, OTHERS);
    remove();
    const { bug, file, survivesBecause = '?' } = mutation;
    const row = [bug, file, failed.length > 0 ? failed.join(', ') : `nothing: ${survivesBecause}`];
    console.log(row.join(' | '));
    return row;
  });
  if (wanted === '') {
    const table = markdownTable(['the bug', 'in', 'noticed by'], rows);
    await writeFormatted(PAGE, replaceBetween(readFileSync(PAGE, 'utf8'), MARKERS, table));
  }
} finally {
  rmSync(copy, { recursive: true });
}
