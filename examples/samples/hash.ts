import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { task } from 'rxjs-parallel-map';

/** The worker imports this module, so the task can use all that the module imports. */
export const sha256 = task(import.meta.url, 'sha256', async (path: string) => {
  const content = await readFile(path);
  return createHash('sha256').update(content).digest('hex');
});
