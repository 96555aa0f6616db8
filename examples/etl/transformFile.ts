/** The pipeline from one file to two others: orders, and what is none. */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { mapStream } from 'rxjs-parallel-map';
import { cutBlocks, type Block } from './cutBlocks.js';
import type { Tables } from './tables.js';
import { transformBlock, type Transformed } from './transformBlock.js';

export interface Plan {
  /** A file of orders, one JSON text in each line. */
  readonly input: string;
  readonly output: string;
  /** For lines that are no orders. */
  readonly rejects: string;
  /** Worker threads; 0: all is done in this one. */
  readonly threads: number;
  readonly tables: Tables;
}

export interface Totals {
  bytes: number;
  /** As they were counted where the file was read, before they went to any worker. */
  lines: number;
  orders: number;
  rejects: number;
  /** Lines with nothing but white space, which are neither. */
  empty: number;
}

/**
 * Bytes that are read, and travel to a worker, at once: some 800 orders, 10 ms of work. Smaller ones cost the main
 * thread more, and larger ones all threads more memory.
 */
const BLOCK = 262_144;

/** Blocks for each worker that may be on their way. They are all alike, so that few are enough to keep it busy. */
const BLOCKS_AHEAD = 8;

/**
 * The files have their names only once they are complete; until then, `.part` is behind them.
 *
 * @throws the system's error, or the signal's reason
 */
export async function transformFile(plan: Plan, signal: AbortSignal): Promise<Totals> {
  const parts = { output: `${plan.output}.part`, rejects: `${plan.rejects}.part` };
  const handles: FileHandle[] = [];
  const opened = async (path: string, flags: 'r' | 'w'): Promise<FileHandle> => {
    const handle = await open(path, flags);
    handles.push(handle);
    return handle;
  };
  let isDone = false;
  try {
    // The input first: if it is not there, nothing is written.
    const input = await opened(plan.input, 'r');
    const output = await opened(parts.output, 'w');
    const rejects = await opened(parts.rejects, 'w');
    const totals = await transform({ input, output, rejects }, plan, signal);
    await Promise.all(handles.map((handle) => handle.close()));
    check(totals);
    // The orders last: where they are, their rejects are, too.
    await rename(parts.rejects, plan.rejects);
    await rename(parts.output, plan.output);
    isDone = true;
    return totals;
  } finally {
    await Promise.allSettled(handles.map((handle) => handle.close()));
    if (!isDone && handles.length > 1) {
      await Promise.allSettled(Object.values(parts).map((part) => rm(part, { force: true })));
    }
  }
}

type Files = Record<'input' | 'output' | 'rejects', FileHandle>;

async function transform(files: Files, plan: Plan, signal: AbortSignal): Promise<Totals> {
  const totals: Totals = { bytes: 0, lines: 0, orders: 0, rejects: 0, empty: 0 };
  const reading = files.input.createReadStream({ highWaterMark: BLOCK });

  async function* count(blocks: AsyncIterable<Block>): AsyncGenerator<Block> {
    for await (const block of blocks) {
      totals.lines += block.lines;
      yield block;
    }
  }

  async function* takeApart(results: AsyncIterable<Transformed>): AsyncGenerator<Uint8Array> {
    for await (const { ndjson, orders, empty, rejects } of results) {
      totals.orders += orders;
      totals.empty += empty;
      totals.rejects += rejects.length;
      const lines = rejects.map((reject) => `${JSON.stringify(reject)}\n`);
      if (lines.length > 0) await files.rejects.appendFile(lines.join(''));
      yield ndjson;
    }
  }

  await pipeline(
    reading,
    cutBlocks,
    count,
    (blocks: AsyncIterable<Block>) => mapBlocks(blocks, plan),
    takeApart,
    files.output.createWriteStream(),
    { signal },
  );
  return { ...totals, bytes: reading.bytesRead };
}

function mapBlocks(
  blocks: AsyncIterable<Block>,
  { threads, tables }: Plan,
): AsyncIterable<Transformed> {
  if (threads === 0) return mapHere(blocks, tables);
  return mapStream(blocks, transformBlock, {
    concurrency: threads,
    ordered: true,
    highWaterMark: threads * BLOCKS_AHEAD,
    shared: tables,
  });
}

/** The same function, without the library: what it is measured against. */
async function* mapHere(blocks: AsyncIterable<Block>, shared: Tables): AsyncGenerator<Transformed> {
  const { signal } = new AbortController();
  const context = { signal, workerId: 0, shared, transfer: <R>(result: R) => result };
  let index = 0;
  for await (const block of blocks) yield transformBlock(block, index++, context);
}

/** @throws Error if a line got lost, or came twice */
function check({ lines, orders, rejects, empty }: Totals): void {
  if (orders + rejects + empty === lines) return;
  throw new Error(
    `${lines} lines were read, but ${orders} orders, ${rejects} rejects and ${empty} empty lines came of them`,
  );
}
