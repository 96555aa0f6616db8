/** Finds the files of a folder, and leaves reading them to others. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The paths of all files in a folder and the folders within, as they are found.
 *
 * Symbolic links are not followed, so nothing is met twice and no loop is endless. Pipes, sockets and
 * devices are left out, because reading them may never end.
 *
 * @param onUnlisted told of each folder within that cannot be listed; the others go on
 * @throws the system's error if `folder` itself cannot be listed
 */
export async function* listFiles(
  folder: string,
  onUnlisted: (folder: string, error: unknown) => void,
): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile()) yield path;
    if (entry.isDirectory()) yield* listFilesWithin(path, onUnlisted);
  }
}

async function* listFilesWithin(
  folder: string,
  onUnlisted: (folder: string, error: unknown) => void,
): AsyncGenerator<string> {
  try {
    yield* listFiles(folder, onUnlisted);
  } catch (error) {
    onUnlisted(folder, error);
  }
}
