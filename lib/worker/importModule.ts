/** Imports a task's module in a worker, whatever language it is in. */
import { adoptTypeScript, isUnderTsx, type Exports } from './typescript/adoptTypeScript.js';
import { isTypeScript } from './typescript/moduleKind.js';

export async function importModule(url: string): Promise<Exports> {
  if (!isUnderTsx && !isTypeScript(new URL(url).pathname)) return import(url) as Promise<Exports>;
  const importer = await adoptTypeScript(url);
  return importer(url);
}
