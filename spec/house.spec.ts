/** States who may import whom, and holds the code against it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const lib = join(__dirname, '../lib');

/** Each room of the house, and the rooms whose files it may import. All arrows point one way. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'index.ts': ['operators', 'pool', 'executors', 'task', 'trace', 'errors.ts'],
  operators: ['pool', 'task', 'checks.ts', 'errors.ts', 'quote.ts'],
  pool: [
    ...['scheduler', 'executors', 'task', 'trace', 'checks.ts', 'cores.ts', 'errors.ts'],
    'quote.ts',
  ],
  scheduler: [],
  // Of the worker's: what it says and understands, and what serves in this thread just as well.
  executors: [
    ...['worker', 'task', 'builtFiles.ts', 'checks.ts', 'cores.ts', 'errors.ts', 'quote.ts'],
  ],
  worker: ['task', 'errors.ts', 'quote.ts'],
  // Of the analysis only types: it is a file of its own, which is loaded when it is needed.
  task: ['analysis', 'builtFiles.ts', 'errors.ts', 'nearestName.ts', 'quote.ts'],
  analysis: [],
  trace: ['checks.ts', 'quote.ts'],
  'builtFiles.ts': [],
  'checks.ts': ['nearestName.ts', 'quote.ts'],
  'cores.ts': [],
  'errors.ts': ['quote.ts'],
  'nearestName.ts': [],
  'quote.ts': [],
};

/** The packages and parts of Node that a room may use. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  operators: ['rxjs'],
  pool: ['node:diagnostics_channel', 'node:worker_threads'],
  executors: ['node:module', 'node:path', 'node:worker_threads', 'threads'],
  worker: [
    ...['node:fs', 'node:module', 'node:path', 'node:url'],
    ...['node:worker_threads', 'threads/worker'],
  ],
  // node:crypto and node:net for types only.
  task: [
    ...['node:crypto', 'node:module', 'node:net', 'node:path', 'node:url'],
    'node:worker_threads',
  ],
  analysis: [
    ...['acorn', 'eslint-scope', 'estree'],
    ...['node:fs', 'node:inspector', 'node:module', 'node:path', 'node:url'],
  ],
  'builtFiles.ts': ['node:url'],
  'cores.ts': ['node:os', 'node:worker_threads'],
};

interface Import {
  readonly file: string;
  readonly from: string;
}

const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => file.split(sep).join('/'));

/** Comments hold samples, which import what they like. */
function codeOf(file: string): string {
  return readFileSync(join(lib, file), 'utf8').replace(/\/\*[^]*?\*\/|^\s*\/\/.*/gm, '');
}

const imports: Import[] = files.flatMap((file) => {
  const source = codeOf(file);
  // Not what a message says about imports: there, a quotation mark comes before it.
  const specifiers = source.matchAll(
    /(?:^(?:import|export)\b[^;]*? from\s*|^[^'"`\n]*\bimport\()'([^']+)'/gms,
  );
  return [...specifiers].map(([, specifier]) => ({ file, from: specifier! }));
});

const roomOf = (file: string): string => file.split('/')[0]!;

/** The file in `lib` that a relative import means. */
function target({ file, from }: Import): string {
  const path = relative(lib, join(lib, dirname(file), from))
    .split(sep)
    .join('/');
  return path.replace(/\.js$/, '.ts');
}

const inner = imports.filter(({ from }) => from.startsWith('.'));
const outer = imports.filter(({ from }) => !from.startsWith('.'));

describe('the house', () => {
  it('has only rooms that are known here', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('has imports that were found', () => {
    expect(inner.length).toBeGreaterThan(files.length);
    expect(inner.map(target).filter((path) => !files.includes(path))).toEqual([]);
  });

  it.each(Object.keys(MAY_IMPORT))('%s imports only what is below it', (room) => {
    const strangers = inner
      .filter(({ file }) => roomOf(file) === room)
      .filter((one) => ![room, ...MAY_IMPORT[room]!].includes(roomOf(target(one))));
    expect(strangers).toEqual([]);
  });

  it.each(Object.keys(MAY_IMPORT))('%s uses only the packages that are its business', (room) => {
    const strangers = outer
      .filter(({ file }) => roomOf(file) === room)
      .filter(({ from }) => !(MAY_USE[room] ?? []).includes(from));
    expect(strangers).toEqual([]);
  });

  it('names a concrete executor in one file, beside the public door', () => {
    const named = inner
      .filter((one) => /^executors\/[^/]+\//.test(target(one)) && roomOf(one.file) !== 'executors')
      .map(({ file }) => file);
    expect([...new Set(named)].sort()).toEqual(['index.ts', 'pool/createDispatcher.ts']);
  });

  it('has a scheduler without clock, timers and randomness', () => {
    const sources = files.filter((file) => roomOf(file) === 'scheduler');
    const impure =
      /\b(Date|performance|setTimeout|setInterval|setImmediate|queueMicrotask|Promise|process|Math\.random)\b/;
    const offenders = sources.filter((file) => {
      return impure.test(codeOf(file));
    });
    expect(offenders).toEqual([]);
  });

  it('loads the analysis when it is needed, and not with the package', () => {
    const users = inner
      .filter((one) => roomOf(target(one)) === 'analysis' && roomOf(one.file) !== 'analysis')
      .map(({ file }) => file);
    expect(users).toEqual(['task/analysis.ts']);
    expect(codeOf('task/analysis.ts')).toContain(
      "type Analysis = typeof import('../analysis/main.js')",
    );
  });

  it('re-exports only at the public door', () => {
    const statements = codeOf('index.ts')
      .split(';')
      .map((statement) => statement.trim());
    expect(statements.filter((one) => one && !/export (type )?\{[^}]*\} from '/.test(one))).toEqual(
      [],
    );
  });
});
