import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { repository, runNode } from '../support/runNode.js';

const run = promisify(execFile);

function versionOf(dependency: string): string {
  const file = join(repository, 'node_modules', dependency, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** A project that runs TypeScript, and has nothing installed but the package and these tools. */
interface SetUp {
  readonly name: string;
  readonly files: 'esm' | 'commonjs';
  readonly tools: readonly string[];
  /** Of Node. What runs tests writes its result into a file. */
  readonly args: readonly string[];
}

const inTsx = ['tsx'];
const inTsNode = ['ts-node', 'typescript'];

const setUps: readonly SetUp[] = [
  { name: 'tsx', files: 'esm', tools: inTsx, args: ['node_modules/tsx/dist/cli.mjs', 'main.ts'] },
  { name: '--import tsx', files: 'esm', tools: inTsx, args: ['--import', 'tsx', 'main.ts'] },
  {
    name: 'tsx in CommonJS',
    files: 'commonjs',
    tools: inTsx,
    args: ['node_modules/tsx/dist/cli.mjs', 'main.ts'],
  },
  { name: '-r tsx/cjs', files: 'commonjs', tools: inTsx, args: ['-r', 'tsx/cjs', 'main.ts'] },
  {
    name: 'ts-node',
    files: 'commonjs',
    tools: inTsNode,
    args: ['node_modules/ts-node/dist/bin.js', 'main.ts'],
  },
  {
    name: '-r ts-node/register',
    files: 'commonjs',
    tools: inTsNode,
    args: ['-r', 'ts-node/register', 'main.ts'],
  },
  {
    name: '--loader ts-node/esm',
    files: 'esm',
    tools: inTsNode,
    args: ['--loader', 'ts-node/esm', 'main.ts'],
  },
  {
    name: '-r esbuild-register',
    files: 'commonjs',
    tools: ['esbuild', 'esbuild-register'],
    args: ['-r', 'esbuild-register', 'main.ts'],
  },
  {
    name: 'Jest with ts-jest',
    files: 'commonjs',
    tools: ['jest', 'ts-jest', 'typescript', '@jest/globals'],
    args: ['node_modules/jest/bin/jest.js'],
  },
  {
    name: 'vitest',
    files: 'esm',
    tools: ['vitest', 'vite', 'typescript'],
    args: ['node_modules/vitest/vitest.mjs', 'run'],
  },
];

/** A project of a user's, with the package installed as npm would publish it. */
describe('the packed package, installed into an empty project', () => {
  let project: string;
  /** Where npm installed it, once for all: a folder whose name no tool stumbles over. */
  let installation: string;

  beforeAll(async () => {
    installation = mkdtempSync(join(realpathSync(tmpdir()), 'an installation '));
    writeFileSync(join(installation, 'package.json'), '{ "name": "a-project", "private": true }');
    // What is packed is the build that is there: npm would build it anew from within the tests.
    await npm(repository, 'pack', '--ignore-scripts', '--pack-destination', installation);
    const tarball = readdirSync(installation).find((file) => file.endsWith('.tgz'))!;
    await npm(
      installation,
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--omit=optional',
      `./${tarball}`,
      `rxjs@${versionOf('rxjs')}`,
    );
    // Characters that a URL spells differently than a path does.
    project = mkdtempSync(join(tmpdir(), 'a project #1 at 100% '));
    cpSync(installation, project, { recursive: true });
    cpSync(join(repository, 'spec/fixtures/package'), project, { recursive: true });
  }, 120_000);

  afterAll(() => {
    for (const folder of [installation, project]) rmSync(folder, { recursive: true, force: true });
  });

  function npm(cwd: string, ...args: string[]): Promise<unknown> {
    return run('npm', args, { cwd, shell: process.platform === 'win32' });
  }

  it('brings what its pages link to, but for its own specs', () => {
    const root = join(installation, 'node_modules/rxjs-parallel-map');
    const pages = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.md'),
    );
    const missing = pages.flatMap((page) =>
      linksOf(readFileSync(join(root, page), 'utf8'))
        .map((link) => join(dirname(page), link))
        .filter((file) => !file.startsWith('spec') && !existsSync(join(root, file)))
        .map((file) => `${page}: ${file}`),
    );
    expect(pages).toContain('README.md');
    expect(missing).toEqual([]);
  });

  it.each(['program.mjs', 'program.cjs'])('runs %s', async (program) => {
    const { code, stdout, stderr } = await runNode([program], { cwd: project });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      mapArray: [2, 4, 6],
      parallelMap: [8],
      mapStream: [14, 16],
      pool: [10],
      task: [[6, false]],
      elsewhere: 22.276669409945463,
      failure: true,
    });
    expect(code).toBe(0);
  });

  describe('loads module tasks in TypeScript where the project does', () => {
    let folder: string;

    afterEach(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    /** Packages are links, so that one installation serves all. */
    function setUp({ files, tools }: Pick<SetUp, 'files' | 'tools'>): void {
      folder = mkdtempSync(join(realpathSync(tmpdir()), 'a set-up '));
      cpSync(join(repository, 'spec/fixtures/setups', files), folder, { recursive: true });
      for (const name of ['rxjs', 'rxjs-parallel-map'])
        link(join(installation, 'node_modules'), name);
      for (const name of tools) link(join(repository, 'node_modules'), name);
    }

    function link(from: string, name: string): void {
      const path = join(folder, 'node_modules', name);
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync(join(from, name), path, 'junction');
    }

    it.each(setUps)('$name', async (one) => {
      setUp(one);
      const { stdout, stderr, code } = await runNode(one.args, { cwd: folder });
      expect({ code, stderr: code === 0 ? '' : stderr + stdout }).toEqual({ code: 0, stderr: '' });
      const file = join(folder, 'result.json');
      expect(JSON.parse(existsSync(file) ? readFileSync(file, 'utf8') : stdout)).toEqual({
        std: [22.276669409945463],
        here: 1,
        // In one worker, whose copy of the module was loaded once.
        where: [
          [false, 1],
          [false, 2],
        ],
        failed: true,
        line: 'stats.ts:24',
      });
    });

    it.each(['esm', 'commonjs'] as const)('and says what to install if not: %s', async (kind) => {
      setUp({ files: kind, tools: [] });
      const program = `
        import { mapArray, task } from 'rxjs-parallel-map';
        const mean = task(new URL('./mean.ts', import.meta.url), 'mean');
        await mapArray([[1]], mean).catch((error) => console.log(error.name, error.message));
      `;
      writeFileSync(join(folder, 'main.mjs'), program);
      const { stdout } = await runNode(['main.mjs'], { cwd: folder });
      expect(stdout).toMatch(/^TaskLoadError .*mean\.ts does not load in the worker/);
      expect(stdout).toMatch(/[Ii]nstall .*typescript or esbuild.* \(npm install --save-dev /);
    });
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

/** Where a page links to within the package, without the places in the pages. */
function linksOf(markdown: string): string[] {
  const targets = Array.from(markdown.matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target!);
  return targets
    .map((target) => target.replace(/#.*/, ''))
    .filter((target) => target !== '' && !target.includes(':'));
}
