/** What a worker does with one file: reads it, compresses it, hashes it and counts its lines. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { brotliCompressSync, constants } from 'node:zlib';
import { task } from 'rxjs-parallel-map';

/**
 * @typedef {object} CompressedFile
 * @property {string} path
 * @property {number} size bytes
 * @property {number} compressed bytes
 * @property {number} lines
 * @property {string} sha256 in hexadecimal
 * @property {number} worker the thread it ran on
 * @property {number} index its place among all files, from 0
 * @property {number} start milliseconds since 1970, as `end`
 * @property {number} end
 */

/** Of 0 to 11. From 9 on it takes several times as long, and saves hardly more. */
const QUALITY = 8;

export const compressFile = task(
  import.meta.url,
  'compressFile',
  /**
   * @param {string} path
   * @param {number} index
   * @param {import('rxjs-parallel-map').TaskContext} context
   * @returns {CompressedFile}
   */
  (path, index, { workerId }) => {
    const start = now();
    // All of it is synchronous: this thread has nothing else to do. zlib's asynchronous functions
    // would move the work on to Node's own thread pool, and no longer show what these threads do.
    const content = readFileSync(path);
    const compressed = brotliCompressSync(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    });
    return {
      path,
      size: content.length,
      compressed: compressed.length,
      lines: countLines(content),
      sha256: createHash('sha256').update(content).digest('hex'),
      worker: workerId,
      index,
      start,
      end: now(),
    };
  },
);

/**
 * As an editor counts them: a last line counts without a line feed at its end, too.
 *
 * @param {Buffer} content
 */
function countLines(content) {
  let lines = 0;
  let begin = 0;
  while (begin < content.length) {
    lines++;
    const feed = content.indexOf(0x0a, begin);
    if (feed === -1) break;
    begin = feed + 1;
  }
  return lines;
}

/** The same clock in all threads, finer than `Date.now()`. */
function now() {
  return performance.timeOrigin + performance.now();
}
