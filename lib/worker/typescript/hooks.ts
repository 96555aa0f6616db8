/** Hooks for Node's `module.register`, which runs them in a thread of their own: Node before 22.15. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TypeScriptFiles } from './TypeScriptFiles.js';

export interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
  readonly shortCircuit?: boolean;
}

export interface Loaded {
  readonly format: string;
  readonly source?: unknown;
  readonly shortCircuit?: boolean;
}

export interface ResolveContext {
  readonly parentURL?: string | undefined;
}

let files: TypeScriptFiles;

export function initialize(from: string): void {
  files = new TypeScriptFiles(from);
}

export async function resolve(
  specifier: string,
  context: ResolveContext,
  next: (specifier: string, context: ResolveContext) => Promise<Resolved>,
): Promise<Resolved> {
  try {
    return await next(specifier, context);
  } catch (error) {
    return findInstead(files, specifier, context, error);
  }
}

export async function load(
  url: string,
  context: object,
  next: (url: string, context: object) => Promise<Loaded>,
): Promise<Loaded> {
  return compileInstead(files, url) ?? next(url, context);
}

/** @throws the error of Node's own attempt if nothing else is meant */
export function findInstead(
  files: TypeScriptFiles,
  specifier: string,
  { parentURL }: ResolveContext,
  error: unknown,
): Resolved {
  if (!parentURL?.startsWith('file:')) throw error;
  const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier;
  const found = files.find(path, fileURLToPath(parentURL));
  if (found === undefined) throw error;
  return { url: pathToFileURL(found).href, shortCircuit: true };
}

export function compileInstead(files: TypeScriptFiles, url: string): Loaded | undefined {
  if (!url.startsWith('file:')) return undefined;
  const compiled = files.compile(fileURLToPath(url));
  return compiled && { format: compiled.kind, source: compiled.code, shortCircuit: true };
}
