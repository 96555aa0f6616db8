import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  nodeStripsTypes,
  TypeScriptFiles,
} from '../../../lib/worker/typescript/TypeScriptFiles.js';
import { repository } from '../../support/runNode.js';

let project: string;
let files: TypeScriptFiles;

const write = (file: string, content = ''): string => {
  const path = join(project, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
};

beforeEach(() => {
  project = mkdtempSync(join(realpathSync(tmpdir()), 'typescript '));
  files = new TypeScriptFiles(write('main.ts'));
});
afterEach(() => {
  rmSync(project, { recursive: true });
});

function install(name: string): void {
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  symlinkSync(join(repository, 'node_modules', name), join(project, 'node_modules', name));
}

describe('the file that an import means', () => {
  it.each([
    ['./a.js', 'a.ts'],
    ['./a.js', 'a.tsx'],
    ['./a.mjs', 'a.mts'],
    ['./a.cjs', 'a.cts'],
    ['./a', 'a.ts'],
    ['./a.service', 'a.service.ts'],
    ['./a', 'a/index.ts'],
    ['../a', '../a.ts'],
    ['..', '../index.ts'],
  ])('by %s can be %s', (specifier, file) => {
    const importer = write('below/importer.ts');
    const meant = write(join('below', file));
    expect(files.find(specifier, importer)).toBe(meant);
  });

  it('is what `paths` of the tsconfig.json say', () => {
    install('typescript');
    write('tsconfig.json', '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }');
    const meant = write('src/a.ts');
    expect(files.find('~/a', write('main.ts'))).toBe(meant);
    expect(files.find('~/b', write('main.ts'))).toBeUndefined();
  });

  it('is none where there is none', () => {
    expect(files.find('./a.js', write('main.ts'))).toBeUndefined();
    expect(files.find('a-package', write('main.ts'))).toBeUndefined();
  });
});

describe.each(['typescript', 'esbuild'])('by %s a file', (compiler) => {
  beforeEach(() => {
    install(compiler);
  });

  it('is compiled to the kind of module that it is, with a source map', () => {
    const source = 'enum A { b = 1 }\nexport const a: number = A.b;';
    const esm = files.compile(write('a.mts', source));
    const cjs = files.compile(write('a.cts', source));
    expect(esm).toMatchObject({
      kind: 'module',
      code: expect.stringMatching(/^export /m) as string,
    });
    expect(cjs).toMatchObject({ kind: 'commonjs' });
    expect(cjs!.code).not.toMatch(/^export /m);
    expect(esm!.code).toContain('//# sourceMappingURL=data:');
  });

  it('with a slip is refused with its place', () => {
    const file = write('a.cts', 'enum A {}\nexport const a = ;');
    expect(() => files.compile(file)).toThrow(/a\.cts:2:1[78]: /);
  });

  it('that is no TypeScript is left alone', () => {
    expect(files.compile(write('a.js', 'const a = 1;'))).toBeUndefined();
    expect(files.compile(write('a.d.ts'))).toBeUndefined();
  });
});

it('without a compiler, what to install is said where Node cannot strip types', () => {
  const file = write('a.mts', 'export const a: number = 1;');
  if (nodeStripsTypes) expect(files.compile(file)).toBeUndefined();
  else expect(() => files.compile(file)).toThrow('Install one of tsx, typescript or esbuild');
});
