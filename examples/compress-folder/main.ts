/**
 * Compresses all files of a folder on all cores, and reports how it went. Writes no files.
 *
 *     npm start                  this project's node_modules
 *     npm start -- <folder>      any other
 *
 * What cannot be read is listed at the end and stops nothing. Symbolic links are not followed.
 *
 * Exit code: 0, also when some files could not be read, and for a folder without files;
 * 1 when nothing could be read, or the arguments are wrong; 130 after Ctrl-C.
 */
import { availableParallelism, constants } from 'node:os';
import { finalize, from, lastValueFrom, tap, toArray } from 'rxjs';
import { parallelMap } from 'rxjs-parallel-map';
import { compressFile } from './compressFile.mjs';
import { printable } from './format.js';
import { listFiles } from './listFiles.js';
import { ProgressBar } from './ProgressBar.js';
import { reasonOf } from './reasonOf.js';
import { report, type Results, type Unread } from './report.js';

const USAGE = `Usage: npm start [-- <folder>]

Compresses all files of a folder (default: node_modules) on all cores, and
reports how it went. Writes no files. Symbolic links are not followed.`;

// Whoever reads the report may close the pipe before its end, as `head` does.
process.stdout.on('error', () => process.exit());

await main(process.argv.slice(2));

async function main([folder = 'node_modules', ...others]: readonly string[]): Promise<void> {
  if (folder === '--help' || folder === '-h') {
    console.log(USAGE);
  } else if (folder.startsWith('-') || others.length > 0) {
    fail(USAGE);
  } else {
    await run(folder);
  }
}

async function run(folder: string): Promise<void> {
  const progress = new ProgressBar();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      progress.stop();
      process.exit(128 + constants.signals[signal]);
    });
  }
  let results: Results;
  try {
    results = await compressFolder(folder, progress);
  } catch (error) {
    fail(`Cannot compress the folder "${printable(folder)}": ${reasonOf(error)}`);
    return;
  }
  show(results);
}

/** @throws the system's error if the folder itself cannot be listed */
async function compressFolder(folder: string, progress: ProgressBar): Promise<Results> {
  const threads = availableParallelism();
  const started = performance.now();
  const paths: string[] = [];
  const unread: Unread[] = [];
  const cannotRead = (path: string, error: unknown) => {
    unread.push({ path, reason: reasonOf(error) });
  };

  const elements = await lastValueFrom(
    from(listFiles(folder, cannotRead)).pipe(
      tap((path) => paths.push(path)),
      tap(() => progress.fileFound()),
      // Settled: a file that cannot be read is a result, too, and does not end the stream.
      parallelMap(compressFile, {
        concurrency: threads,
        settled: true,
        onProgress: progress.show,
      }),
      tap((element) => progress.fileDone(element.status === 'fulfilled' ? element.value.size : 0)),
      toArray(),
      finalize(() => progress.stop()),
    ),
  );

  const took = performance.now() - started;
  for (const element of elements) {
    if (element.status === 'rejected') cannotRead(paths[element.index]!, element.reason);
  }
  const files = elements.flatMap((element) =>
    element.status === 'fulfilled' ? [element.value] : [],
  );
  return { folder, threads, took, files, unread };
}

function show(results: Results): void {
  // Some terminals do not know their width, and say 0.
  const columns = process.stdout.isTTY ? process.stdout.columns || 80 : undefined;
  console.log(report(results, columns));
  if (results.files.length === 0 && results.unread.length > 0) process.exitCode = 1;
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
