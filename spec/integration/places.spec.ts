/** Where a function is that captured something or threw: in the user's file, however that is run. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { transformSync } from 'esbuild';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { createPool, mapArray, TaskCaptureError, TaskError, type Pool } from '../../lib/index.js';
import { repository, runNode } from '../support/runNode.js';

const fixtures = join(repository, 'spec/fixtures/inline');

/** Line and column, from 1, of a text in a file. */
function placeOf(file: string, text: string): { line: number; column: number } {
  const before = readFileSync(file, 'utf8').split(text)[0]!;
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

async function expectPlaces(args: string[], file: string, cwd?: string): Promise<void> {
  const { stdout, stderr } = await runNode(args, cwd === undefined ? {} : { cwd });
  expect(stderr).toBe('');
  const { captures, stack } = JSON.parse(stdout) as { captures: unknown; stack: string };
  const { line, column } = placeOf(file, 'factor).catch');
  expect(captures).toEqual([{ name: 'factor', line, column, file }]);
  const frame = stack.split('\n')[1];
  expect(frame).toContain(`at first (${file}:${placeOf(file, 'return x').line}:`);
}

describe('in a process of its own', () => {
  let project: string;
  const source = readFileSync(join(fixtures, 'places.ts'), 'utf8');

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'compiled #1 '));
    mkdirSync(join(project, 'node_modules'));
    symlinkSync(repository, join(project, 'node_modules/rxjs-parallel-map'), 'junction');
    writeFileSync(join(project, 'places.ts'), source);
  });
  afterAll(() => {
    rmSync(project, { recursive: true, force: true });
  });

  function compile(name: string, sourceMap: boolean): void {
    const module = name.endsWith('.cjs') ? ModuleKind.CommonJS : ModuleKind.ES2022;
    const { outputText, sourceMapText } = transpileModule(source, {
      fileName: 'places.ts',
      compilerOptions: { module, target: ScriptTarget.ES2022, sourceMap },
    });
    const code = outputText.replace(/sourceMappingURL=.*/, `sourceMappingURL=${name}.map`);
    writeFileSync(join(project, name), code);
    if (sourceMapText !== undefined) writeFileSync(join(project, `${name}.map`), sourceMapText);
  }

  it.each(['module.mjs', 'common.cjs'])('without a source map: %s', async (name) => {
    compile(name, false);
    await expectPlaces([name], join(project, name), project);
  });

  it.each([
    ['mapped.mjs', []],
    ['mapped.cjs', []],
    ['mapped.mjs', ['--enable-source-maps']],
    ['mapped.cjs', ['--enable-source-maps']],
  ])('with a source map: %s %j', async (name, options) => {
    compile(name, true);
    await expectPlaces([...options, name], join(project, 'places.ts'), project);
  });

  it('names of minified code as they were before, by its source map', async () => {
    const written = `
      import { mapArray } from 'rxjs-parallel-map';
      const factor = 2;
      const [one] = await mapArray([1], (value) => value * factor).catch((error) => [error]);
      console.log(one.message);
    `;
    const { code } = transformSync(written, {
      ...{ minify: true, sourcemap: 'inline', sourcefile: 'written.mjs', format: 'esm' },
    });
    expect(code.split('//#')[0]).not.toContain('factor');
    writeFileSync(join(project, 'minified.mjs'), code);
    const { stdout } = await runNode(['minified.mjs'], { cwd: project });
    expect(stdout).toContain('it uses factor (compiled to ');
    expect(stdout).toContain('{ shared: { factor } }');
  });

  it('TypeScript under tsx', async () => {
    const file = join(fixtures, 'places.ts');
    await expectPlaces(['--import', 'tsx', file], file);
  });
});

describe('under ts-jest', () => {
  let pool: Pool;
  beforeEach(() => {
    pool = createPool({ size: 1 });
  });
  afterEach(() => pool.destroy());

  const thrownBy = async (fn: (value: null) => unknown): Promise<Error> => {
    const failure: unknown = await pool.run(fn, null).catch((error: unknown) => error);
    return (failure as TaskError).cause as Error;
  };

  it('a captured name is told in the file as it was written', async () => {
    const caught: unknown = await mapArray([1], (value) => value * /* here */ offset).catch(
      (error: unknown) => error,
    );
    const { line, column } = placeOf(__filename, '/* here */ offset');
    expect((caught as TaskCaptureError).captures).toEqual([
      { name: 'offset', line, column: column + '/* here */ '.length, file: __filename },
    ]);
  });

  it('a stack tells the place in the file as it was written', async () => {
    const error = await thrownBy((value: null) => {
      throw new RangeError(String(value)); // the first
    });
    const { line } = placeOf(__filename, 'throw new RangeError(String(value)); // the first');
    expect(error.stack).toContain(`\n    at ${__filename}:${line}:`);
    expect(error.stack).not.toContain('inline-task');
  });

  it('functions of one worker are not confused', async () => {
    const stacks = await Promise.all([
      thrownBy(() => {
        throw new Error('a'); // place a
      }),
      thrownBy(() => {
        throw new Error('b'); // place b
      }),
    ]);
    expect(stacks.map(({ stack }) => /:(\d+):\d+$/m.exec(stack!)?.[1])).toEqual([
      `${placeOf(__filename, "throw new Error('a'); // place a").line}`,
      `${placeOf(__filename, "throw new Error('b'); // place b").line}`,
    ]);
  });

  it('functions of the same source at two places are told apart', async () => {
    const one = (value: null): unknown => (value as never as unknown[])[0]; // one
    const two = (value: null): unknown => (value as never as unknown[])[0]; // two
    const stacks = [await thrownBy(one), await thrownBy(two)];
    expect(stacks.map(({ stack }) => /:(\d+):\d+/.exec(stack!)?.[1])).toEqual([
      `${placeOf(__filename, 'const one = ').line}`,
      `${placeOf(__filename, 'const two = ').line}`,
    ]);
  });

  it('causes and the errors of an AggregateError are told, too', async () => {
    const error = (await thrownBy(() => {
      throw new AggregateError([new Error('one of many')], 'many', { cause: new Error('cause') });
    })) as AggregateError;
    const stacks = [error, error.cause as Error, error.errors[0] as Error].map(
      ({ stack }) => stack,
    );
    for (const stack of stacks) expect(stack).toContain(__filename);
  });

  it('a stack can be set, as that of any error', async () => {
    const error = await thrownBy(() => {
      throw new Error();
    });
    error.stack = 'mine';
    expect(error.stack).toBe('mine');
    expect(Object.keys(error)).toEqual([]);
  });

  it('what eval made is told by its place in the function', async () => {
    const fn = eval('(value) =>\n  value + missing') as (value: null) => unknown;
    const caught: unknown = await pool.run(fn, null).catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(TaskCaptureError);
    expect((caught as TaskCaptureError).captures).toMatchObject([{ name: 'missing', line: 2 }]);
  });

  it.each([
    [
      'readFileSync',
      readFileSync,
      "async (value) => (await import('node:fs')).readFileSync(value)",
    ],
    ['basename', basename, "async (value) => (await import('node:path')).basename(value)"],
    [
      'from',
      Reflect.get(Buffer, 'from') as (value: string) => unknown,
      '(value) => Buffer.from(value)',
    ],
  ])(
    'a function of Node that has a source is refused with the call to write: %s',
    async (name, fn: (value: string) => unknown, call) => {
      const caught: unknown = await pool.run(fn, '').catch((error: unknown) => error);
      expect(caught).toBeInstanceOf(TaskCaptureError);
      expect((caught as Error).message).toBe(
        `pool.run cannot send ${name} to a worker, since it is part of the platform and has no source that could travel. Call it in a function: ${call}.`,
      );
    },
  );

  it('a debugger that is attached notices nothing', async () => {
    const session = new Session();
    session.connect();
    const told: string[] = [];
    session.on('inspectorNotification', ({ method }) => told.push(method));
    session.post('Debugger.enable');
    told.length = 0;
    const { stack } = await thrownBy(() => {
      throw new Error('while it is debugged');
    });
    expect(stack).toContain(__filename);
    const scripts = 'Debugger.scriptParsed';
    expect(told.filter((method) => method !== scripts)).toEqual([]);
    // And it is still there.
    eval('1 + 1');
    expect(told).toContain(scripts);
    session.disconnect();
  });
});

const offset = 1;
