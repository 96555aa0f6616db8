/** Imports a task's module in a worker, whatever language it is in. */
import { adoptTypeScript, isUnderTsx, type Exports } from './typescript/adoptTypeScript.js';
import { isTypeScript } from './typescript/moduleKind.js';

export async function importModule(url: string): Promise<Exports> {
  if (!isUnderTsx && !isTypeScript(new URL(url).pathname)) return import(url) as Promise<Exports>;
  const importer = await adoptTypeScript(url);
  try {
    return await importer(url);
  } catch (error) {
    throw needsCompiler(error) ?? error;
  }
}

/** A Node that strips types had no compiler beside it for what is more than types. */
function needsCompiler(error: unknown): Error | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!code?.startsWith('ERR_UNSUPPORTED_') || !code.includes('TYPE')) return undefined;
  return new Error(
    `${message}. Install typescript or esbuild in the project (npm install --save-dev typescript), which compile it`,
    { cause: error },
  );
}
