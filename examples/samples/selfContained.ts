import { mapArray } from 'rxjs-parallel-map';

/** Imports what it needs itself, since nothing from around it travels along. */
async function compressedSize(text: string): Promise<number> {
  const { gzipSync } = await import('node:zlib');
  return gzipSync(text).length;
}

console.log(await mapArray(['', 'a'.repeat(1000)], compressedSize));
