/** Decides what a TypeScript file is: whether it is one, ES module or CommonJS, and beyond Node's own powers. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

export type ModuleKind = 'module' | 'commonjs';

export function isTypeScript(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file);
}

/**
 * As Node and TypeScript decide it: by the extension, then by `type` in the nearest package.json.
 *
 * Where that says nothing, ts-jest and ts-node take a file for CommonJS, and vitest for an ES module.
 * So what is in it decides: `import.meta` and `await` at the top level are for ES modules only.
 */
export function kindOf(file: string, source: string): ModuleKind {
  return declaredKind(file) ?? (ONLY_IN_ES_MODULES.test(source) ? 'module' : 'commonjs');
}

function declaredKind(file: string): ModuleKind | undefined {
  const extension = extname(file);
  if (extension === '.mts') return 'module';
  if (extension === '.cts') return 'commonjs';
  return packageType(dirname(file));
}

const ONLY_IN_ES_MODULES = /\bimport\.meta\b|^(export )?(const|let|var) .*= await |^await /m;

function packageType(folder: string): ModuleKind | undefined {
  const file = join(folder, 'package.json');
  if (existsSync(file)) {
    const { type } = JSON.parse(readFileSync(file, 'utf8')) as { type?: unknown };
    return type === 'module' || type === 'commonjs' ? type : undefined;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : packageType(parent);
}

/**
 * Whether a Node that strips types would fail on the file. A look at the text only: where it is
 * wrong, a compiler does what Node could have done.
 */
export function isBeyondStripping(file: string, source: string): boolean {
  if (file.endsWith('x') || /[\\/]node_modules[\\/]/.test(file)) return true;
  return TO_BE_COMPILED.test(source) || isCommonJsInDisguise(file, source);
}

/** Enumerations, namespaces, `import x = require()`, parameter properties, decorators. */
const TO_BE_COMPILED =
  /\b(enum|namespace|module)\s+[\w.]+\s*\{|\bimport\s+\w+\s*=|\bexport\s*=|\bconstructor\s*\([^)]*\b(public|private|protected|readonly)\b|^\s*@\w/m;

/**
 * `import` statements in what is said to be CommonJS, which is for a compiler, or beside `__filename`:
 * Node would take that for an ES module, which has none.
 */
function isCommonJsInDisguise(file: string, source: string): boolean {
  if (!/^(import|export)\b(?! type\b)/m.test(source)) return false;
  if (declaredKind(file) === 'commonjs') return true;
  return (
    kindOf(file, source) === 'commonjs' &&
    /\b(__filename|__dirname|require|module|exports)\b/.test(source)
  );
}
