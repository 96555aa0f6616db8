/** Decides by what a worker loads TypeScript: by Node itself, by tsx, or by a compiler of the project. */
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  compileInstead,
  findInstead,
  type Loaded,
  type ResolveContext,
  type Resolved,
} from './hooks.js';
import { hooksLocation } from './hooksLocation.js';
import { isBeyondStripping, isTypeScript, kindOf } from './moduleKind.js';
import { hookRequire } from './requireHooks.js';
import { nodeStripsTypes, TypeScriptFiles } from './TypeScriptFiles.js';

export type Exports = Record<string, unknown>;
export type Importer = (url: string) => Promise<Exports>;

/** Hooks that run in this thread and serve `import` and `require`: Node from 22.15 on. */
interface SynchronousHooks {
  readonly registerHooks?: (hooks: {
    resolve: (
      specifier: string,
      context: ResolveContext,
      next: (specifier: string, context: ResolveContext) => Resolved,
    ) => Resolved;
    load: (url: string, context: object, next: (url: string, context: object) => Loaded) => Loaded;
  }) => void;
}

interface Registers {
  readonly register: () => unknown;
}

/** tsx lets JavaScript import TypeScript, too. */
export const isUnderTsx: boolean = process.execArgv.some((argument) => /\btsx\b/.test(argument));

let adopted: Promise<Importer> | undefined;

/**
 * Makes this worker load TypeScript, before the first such module: Node remembers a failure, so a
 * second attempt would be none. What Node or a loader of the user's can do is left to them.
 *
 * @param url the first module; what its project has installed is used
 */
export function adoptTypeScript(url: string): Promise<Importer> {
  return (adopted ??= adopt(fileURLToPath(url)));
}

async function adopt(file: string): Promise<Importer> {
  // A Node that strips types may be what the main thread uses, and tsx differs from it in places.
  if ((isUnderTsx || !nodeStripsTypes) && (await adoptTsx(file))) return importer;
  // So that stacks have the lines of the TypeScript.
  process.setSourceMapsEnabled(true);
  const files = new TypeScriptFiles(file);
  hookRequire(files);
  let hasImportHooks = false;
  return (url) => {
    const path = fileURLToPath(url);
    if (isForRequire(path)) {
      const exports = createRequire(path)(path) as Exports;
      return Promise.resolve({ ...exports, default: exports });
    }
    // With `module.register` they have a thread, and so a compiler, of their own: not for nothing.
    if (!hasImportHooks) hookImport(files, file);
    hasImportHooks = true;
    return importer(url);
  };
}

/** CommonJS that Node's `import` would not take as such. */
function isForRequire(file: string): boolean {
  if (!isTypeScript(file)) return false;
  const source = readFileSync(file, 'utf8');
  if (kindOf(file, source) !== 'commonjs') return false;
  return !nodeStripsTypes || isBeyondStripping(file, source);
}

function hookImport(files: TypeScriptFiles, from: string): void {
  const { registerHooks } = Module as SynchronousHooks;
  if (!registerHooks) return Module.register(hooksLocation, { data: from });
  registerHooks({
    resolve: (specifier, context, next) => {
      try {
        return next(specifier, context);
      } catch (error) {
        return findInstead(files, specifier, context, error);
      }
    },
    load: (url, context, next) => compileInstead(files, url) ?? next(url, context),
  });
}

/** @returns whether the project has it */
async function adoptTsx(file: string): Promise<boolean> {
  const project = createRequire(file);
  let esm: string;
  let cjs: string;
  try {
    // tsx 4.23 has its hooks for `import` beside the one of this name that `require` finds, which
    // looks for them in the wrong folder.
    esm = project.resolve('tsx/esm/api').replace(/\.cjs$/, '.mjs');
    cjs = project.resolve('tsx/cjs/api');
  } catch {
    return false;
  }
  const { register } = (await import(pathToFileURL(esm).href)) as Registers;
  register();
  (project(cjs) as Registers).register();
  return true;
}

const importer: Importer = (url) => import(url) as Promise<Exports>;
