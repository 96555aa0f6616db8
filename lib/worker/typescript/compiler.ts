/** Finds a compiler for TypeScript in the user's project: `typescript` itself, or else esbuild. */
import { createRequire } from 'node:module';
import type { ModuleKind } from './moduleKind.js';

/** The parts of the package `typescript` that we use. */
interface TypeScript {
  readonly version: string;
  readonly sys: { fileExists(file: string): boolean; readFile(file: string): string | undefined };
  readonly ModuleKind: { readonly CommonJS: number; readonly ESNext: number };
  readonly ScriptTarget: { readonly ES2022: number };
  transpileModule(
    source: string,
    options: { fileName: string; reportDiagnostics: boolean; compilerOptions: object },
  ): { outputText: string; diagnostics?: readonly Diagnostic[] };
  flattenDiagnosticMessageText(text: unknown, newLine: string): string;
  findConfigFile(folder: string, exists: (file: string) => boolean): string | undefined;
  getParsedCommandLineOfConfigFile(
    file: string,
    overrides: object,
    host: object,
  ): { options: Record<string, unknown> } | undefined;
  resolveModuleName(
    specifier: string,
    file: string,
    options: object,
    host: object,
  ): { resolvedModule?: { resolvedFileName: string } };
}

interface Diagnostic {
  readonly messageText: unknown;
  readonly start?: number;
  readonly file?: {
    getLineAndCharacterOfPosition(position: number): { line: number; character: number };
  };
}

interface EsBuild {
  transformSync(source: string, options: object): { code: string };
}

export interface Compiler {
  /** JavaScript for a TypeScript file, with a source map in it. */
  compile(file: string, source: string, kind: ModuleKind): string;
  /** The file that `paths` in the project's tsconfig.json make of a specifier. */
  resolve(specifier: string, file: string): string | undefined;
}

/** @param from the file whose project is to be searched; undefined when it has no compiler */
export function findCompiler(from: string): Compiler | undefined {
  const project = createRequire(from);
  const ts = load(project, 'typescript') as TypeScript | undefined;
  // TypeScript 7 has no such function.
  if (typeof ts?.transpileModule === 'function') return byTypeScript(ts, from);
  const esbuild = load(project, 'esbuild') as EsBuild | undefined;
  return esbuild && byEsBuild(esbuild);
}

function byTypeScript(ts: TypeScript, from: string): Compiler {
  const options = readOptions(ts, from);
  return {
    compile: (file, source, kind) => {
      const { outputText, diagnostics = [] } = ts.transpileModule(source, {
        fileName: file,
        // Of the syntax: it sees no other files, and so no types.
        reportDiagnostics: true,
        compilerOptions: {
          ...options,
          target: ts.ScriptTarget.ES2022,
          module: kind === 'commonjs' ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext,
          moduleResolution: undefined,
          // Else what is an ES module by its package would stay one.
          moduleDetection: undefined,
          verbatimModuleSyntax: false,
          esModuleInterop: true,
          inlineSourceMap: true,
          sourceMap: false,
          sourceRoot: undefined,
          declaration: false,
          composite: false,
          incremental: false,
          noEmit: false,
          outDir: undefined,
          isolatedModules: true,
        },
      });
      const [mistake] = diagnostics.filter(({ start }) => start !== undefined);
      if (mistake) throw new SyntaxError(wordMistake(ts, file, mistake));
      return outputText;
    },
    resolve: (specifier, file) =>
      ts.resolveModuleName(specifier, file, options, ts.sys).resolvedModule?.resolvedFileName,
  };
}

/** `stats.ts:3:7: Expression expected.` */
function wordMistake(
  ts: TypeScript,
  path: string,
  { file, start, messageText }: Diagnostic,
): string {
  const place = file?.getLineAndCharacterOfPosition(start ?? 0);
  const where = place ? `:${place.line + 1}:${place.character + 1}` : '';
  return `${path}${where}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}

/** What the project's own tsconfig.json says: `paths`, decorators, JSX. */
function readOptions(ts: TypeScript, from: string): Record<string, unknown> {
  const file = ts.findConfigFile(from, (candidate) => ts.sys.fileExists(candidate));
  if (file === undefined) return {};
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  return ts.getParsedCommandLineOfConfigFile(file, {}, host)?.options ?? {};
}

function byEsBuild(esbuild: EsBuild): Compiler {
  return {
    compile: (file, source, kind) =>
      esbuild.transformSync(source, {
        loader: file.endsWith('x') ? 'tsx' : 'ts',
        format: kind === 'commonjs' ? 'cjs' : 'esm',
        target: 'node20',
        sourcefile: file,
        sourcemap: 'inline',
      }).code,
    resolve: () => undefined,
  };
}

function load(project: NodeJS.Require, name: string): unknown {
  try {
    return project(name);
  } catch {
    return undefined;
  }
}
