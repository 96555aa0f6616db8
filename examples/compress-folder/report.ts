/** Tells in plain text how it went: results in, text out. */
import { relative } from 'node:path';
import { timelineText } from 'rxjs-parallel-map';
import type { CompressedFile } from './compressFile.mjs';
import { bytes, count, duration, printable, shortenMiddle, times } from './format.js';

export interface Results {
  readonly folder: string;
  readonly threads: number;
  /** Milliseconds from the start to the last result. */
  readonly took: number;
  readonly files: readonly CompressedFile[];
  /** Files and folders that could not be read. */
  readonly unread: readonly Unread[];
}

export interface Unread {
  readonly path: string;
  readonly reason: string;
}

/** Files in each table. */
const TOP = 5;
const MOST_UNREAD = 10;
/** Narrower terminals get one number for each file. */
const NARROW = 60;
/** What is left of a path at least. */
const SHORTEST_PATH = 10;
/** Columns of the titles before the totals. */
const TITLE = 'one thread'.length;
/** What `timelineText` can draw in. */
const NARROWEST_PICTURE = 20;

/**
 * @param columns the terminal's; without it nothing is shortened, and what needs a width has 80
 */
export function report(results: Results, columns?: number): string {
  const { folder, files, unread } = results;
  if (files.length === 0 && unread.length === 0) {
    return `There are no files in "${printable(folder)}" (symbolic links are not followed).`;
  }
  return [
    ...(files.length > 0 ? filesRead(results, columns) : []),
    ...(unread.length > 0 ? [filesNotRead(results, columns)] : []),
  ].join('\n\n');
}

function filesRead(results: Results, columns: number | undefined): string[] {
  return [
    table('slowest', TIME, time, results, columns),
    table('largest', SIZE, size, results, columns),
    table('best compressed', RATIO, ratio, results, columns),
    totals(results, columns),
    schedule(results, columns),
  ];
}

type Column = readonly [title: string, cell: (file: CompressedFile) => string];

const TIME: Column = ['time', (file) => duration(time(file))];
const SIZE: Column = ['size', (file) => bytes(size(file))];
const RATIO: Column = ['ratio', (file) => times(ratio(file))];

/** The files of which `value` is highest. Paths come last, so that they need no padding. */
function table(
  title: string,
  key: Column,
  value: (file: CompressedFile) => number,
  { folder, files }: Results,
  columns = Infinity,
): string {
  const shown = columns < NARROW ? [key] : [TIME, SIZE, RATIO];
  const row = (cells: readonly string[], path: string) =>
    cells.map((cell) => cell.padStart(8)).join(' ') + `  ${path}`;
  const room = columns - row(Array<string>(shown.length).fill(''), '').length;

  const head = row(
    shown.map(([heading]) => heading),
    title,
  );
  const top = files.toSorted((a, b) => value(b) - value(a)).slice(0, TOP);
  const rows = top.map((file) => {
    const cells = shown.map(([, cell]) => cell(file));
    return row(cells, shortenMiddle(within(folder, file.path), room));
  });
  return [head, ...rows].join('\n');
}

function totals({ folder, threads, took, files }: Results, columns = Infinity): string {
  const copies = files.length - new Set(files.map(({ sha256 }) => sha256)).size;
  const compressed = sum(files, (file) => file.compressed);
  const oneThread = sum(files, time);
  const rows = [
    ['folder', shortenMiddle(printable(folder), columns - TITLE - 2)],
    ['files', count(files.length) + (copies > 0 ? ` (copies: ${count(copies)})` : '')],
    ['lines', count(sum(files, ({ lines }) => lines))],
    ['size', `${bytes(sum(files, size))}, compressed ${bytes(compressed)}`],
    ['time', `${duration(took)} on ${count(threads)} ${threads === 1 ? 'thread' : 'threads'}`],
    ['one thread', `${duration(oneThread)}, all files summed up`],
    ['', '(measured on busy cores)'],
    ['speed-up', times(oneThread / took)],
  ] as const;
  return rows.map(([title, text]) => `${title.padStart(TITLE)}  ${text}`).join('\n');
}

function schedule({ files }: Results, columns = 80): string {
  const picture = timelineText(files, { width: Math.max(columns, NARROWEST_PICTURE) });
  const folded = picture.includes('×') ? ', ×12: twelve files' : '';
  return `schedule (7: file 7${folded})\n${picture}`;
}

function filesNotRead({ folder, unread }: Results, columns = Infinity): string {
  const lines = unread.slice(0, MOST_UNREAD).map(({ path, reason }) => {
    const why = printable(reason.replace(/\s+/g, ' '));
    const room = Math.max(columns - why.length - 4, SHORTEST_PATH);
    const line = `  ${shortenMiddle(within(folder, path), room)}: ${why}`;
    return columns === Infinity ? line : line.slice(0, columns);
  });
  const rest = unread.length - lines.length;
  return [
    `${count(unread.length)} could not be read:`,
    ...lines,
    ...(rest > 0 ? [`  and ${count(rest)} more`] : []),
  ].join('\n');
}

function within(folder: string, path: string): string {
  return printable(relative(folder, path));
}

function size(file: CompressedFile): number {
  return file.size;
}

function time({ start, end }: CompressedFile): number {
  return end - start;
}

function ratio({ size, compressed }: CompressedFile): number {
  return size / compressed;
}

function sum(files: readonly CompressedFile[], value: (file: CompressedFile) => number): number {
  return files.reduce((total, file) => total + value(file), 0);
}
