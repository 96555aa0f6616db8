/** What loading adds to Node's own: finding the TypeScript file that is meant, and compiling it. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { findCompiler, type Compiler } from './compiler.js';
import { isBeyondStripping, isTypeScript, kindOf, type ModuleKind } from './moduleKind.js';

/** What a file may be called that is imported under another extension, or under none. */
const MEANT: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.js$/, ['.ts', '.tsx']],
  [/\.jsx$/, ['.tsx']],
  [/\.mjs$/, ['.mts']],
  [/\.cjs$/, ['.cts']],
  [/$/, ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json']],
  [/$/, ['/index.ts', '/index.tsx', '/index.js']],
];

/** Whether Node itself strips types: from 22.18 on. */
export const nodeStripsTypes = Boolean(
  (process.features as { readonly typescript?: unknown }).typescript,
);

export class TypeScriptFiles {
  readonly #from: string;
  #compiler: Compiler | null | undefined;

  /** @param from a file of the project whose compiler is used */
  constructor(from: string) {
    this.#from = from;
  }

  /** The file that is meant where Node itself finds none. */
  find(specifier: string, importer: string): string | undefined {
    if (!/^\.{1,2}(\/|$)/.test(specifier) && !isAbsolute(specifier)) {
      const found = this.#compilerOrNone()?.resolve(specifier, importer);
      return found !== undefined && !/\.d\.[cm]?ts$/.test(found) ? found : undefined;
    }
    const path = resolve(dirname(importer), specifier);
    return MEANT.filter(([extension]) => extension.test(path))
      .flatMap(([extension, meant]) => meant.map((other) => path.replace(extension, other)))
      .find(isFile);
  }

  /**
   * The file as JavaScript; undefined where that is better left to Node.
   *
   * @throws Error that says what to install when there is no compiler
   */
  compile(file: string): { readonly kind: ModuleKind; readonly code: string } | undefined {
    if (!isTypeScript(file)) return undefined;
    const source = readFileSync(file, 'utf8');
    if (nodeStripsTypes && !isBeyondStripping(file, source)) return undefined;
    const compiler = this.#compilerOrNone();
    if (compiler) {
      const kind = kindOf(file, source);
      return { kind, code: compiler.compile(file, source, kind) };
    }
    if (nodeStripsTypes) return undefined;
    throw new Error(
      `Node ${process.versions.node} cannot load ${file}, and no compiler for TypeScript is installed beside it. ` +
        'Install one of tsx, typescript or esbuild (npm install --save-dev tsx), use Node 22.18 or later, or compile the file to JavaScript first',
    );
  }

  #compilerOrNone(): Compiler | undefined {
    if (this.#compiler === undefined) {
      // Until it is found there is none: the search itself comes by here, through the hooks.
      this.#compiler = null;
      this.#compiler = findCompiler(this.#from) ?? null;
    }
    return this.#compiler ?? undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
