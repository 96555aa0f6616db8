import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository, runNode } from '../support/runNode.js';

const run = promisify(execFile);

function versionOf(dependency: string): string {
  const file = join(repository, 'node_modules', dependency, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** A project of a user's, with the package installed as npm would publish it. */
describe('the packed package, installed into an empty project', () => {
  let project: string;

  beforeAll(async () => {
    // Characters that a URL spells differently than a path does.
    project = mkdtempSync(join(tmpdir(), 'a project #1 at 100% '));
    cpSync(join(repository, 'spec/fixtures/package'), project, { recursive: true });
    writeFileSync(join(project, 'package.json'), '{ "name": "a-project", "private": true }');
    // What is packed is the build that is there: npm would build it anew from within the tests.
    await npm(repository, 'pack', '--ignore-scripts', '--pack-destination', project);
    const tarball = readdirSync(project).find((file) => file.endsWith('.tgz'))!;
    await npm(
      project,
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--omit=optional',
      `./${tarball}`,
      `rxjs@${versionOf('rxjs')}`,
    );
  }, 120_000);

  afterAll(() => {
    rmSync(project, { recursive: true, force: true });
  });

  function npm(cwd: string, ...args: string[]): Promise<unknown> {
    return run('npm', args, { cwd, shell: process.platform === 'win32' });
  }

  it.each(['program.mjs', 'program.cjs'])('runs %s', async (program) => {
    const { code, stdout, stderr } = await runNode([program], { cwd: project });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      mapArray: [2, 4, 6],
      parallelMap: [8],
      pool: [10],
      task: [[6, false]],
      elsewhere: 22.276669409945463,
      failure: true,
    });
    expect(code).toBe(0);
  });

  it('has the types that its users need, for ES modules and for CommonJS', async () => {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      allowJs: true,
      target: 'ES2022',
      lib: ['ES2023', 'ESNext.Disposable'],
      module: 'NodeNext',
      // The declarations of the package are to be checked as well.
      skipLibCheck: false,
      types: ['node'],
      typeRoots: [join(repository, 'node_modules/@types')],
    };
    const files = ['typed.mts', 'typed.cts'];
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const compiler = join(repository, 'node_modules/typescript/bin/tsc');
    const { stdout, code } = await runNode([compiler, '--project', project], { cwd: project });
    expect(stdout).toBe('');
    expect(code).toBe(0);
  }, 120_000);

  it('brings what it needs to run, and no tests or sources', () => {
    const installed = join(project, 'node_modules/rxjs-parallel-map');
    expect(readdirSync(installed)).toEqual(expect.arrayContaining(['dist', 'package.json']));
    for (const absent of ['lib', 'spec', 'node_modules']) {
      expect(readdirSync(installed)).not.toContain(absent);
    }
    expect(readdirSync(join(installed, 'dist'))).toEqual(
      expect.arrayContaining([
        ...['index.js', 'index.cjs', 'index.d.ts', 'index.d.cts'],
        ...['worker.cjs', 'analysis.cjs', 'THIRD-PARTY.txt'],
      ]),
    );
  });
});
