/** What users' compilers say to calls: held against the declarations that are published. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const fixtures = join(__dirname, '../fixtures/types');
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  types: ['node'],
  skipLibCheck: true,
};

interface Complaint {
  readonly line: number;
  readonly message: string;
}

/** Compiles texts as if they were files beside the fixtures. */
function compile(texts: Readonly<Record<string, string>>): Record<string, Complaint[]> {
  const files = new Map(Object.entries(texts).map(([file, text]) => [join(fixtures, file), text]));
  const host = ts.createCompilerHost(OPTIONS);
  host.readFile = (file) => files.get(file) ?? ts.sys.readFile(file);
  host.fileExists = (file) => files.has(file) || ts.sys.fileExists(file);
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  return Object.fromEntries(
    Object.keys(texts).map((name) => {
      const source = program.getSourceFile(join(fixtures, name));
      const complaints = ts.getPreEmitDiagnostics(program, source).map((diagnostic) => ({
        line: source!.getLineAndCharacterOfPosition(diagnostic.start!).line,
        message: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
      }));
      return [name, complaints];
    }),
  );
}

const EXPECTED = /^\/\/ @ts-expect-error (.*)$/;
const accepted = readFileSync(join(fixtures, 'accepted.mts'), 'utf8');
const refused = readFileSync(join(fixtures, 'refused.mts'), 'utf8').split('\n');
const complaints = compile({
  'accepted.mts': accepted,
  'accepted.cts': accepted.replaceAll('import.meta.url', '__filename'),
  // Without the directives, each of them is told of.
  'refused.mts': refused.map((line) => line.replace(EXPECTED, '//')).join('\n'),
});

describe('the types', () => {
  it.each(['accepted.mts', 'accepted.cts'])('accept what is in %s', (file) => {
    expect(complaints[file]).toEqual([]);
  });

  const calls = refused.flatMap((line, nth) => {
    const expected = EXPECTED.exec(line)?.[1];
    return expected === undefined ? [] : [{ call: refused[nth + 1]!, expected, line: nth + 1 }];
  });

  it.each(calls)('refuse $call: $expected', ({ expected, line }) => {
    const said = complaints['refused.mts']!.filter((complaint) => complaint.line === line);
    expect(said.map(({ message }) => message).join('\n')).toContain(expected);
  });

  it('refuse nothing else', () => {
    const lines = calls.map(({ line }) => line);
    expect(complaints['refused.mts']!.filter(({ line }) => !lines.includes(line))).toEqual([]);
  });
});
