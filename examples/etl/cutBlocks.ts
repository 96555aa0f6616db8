/** Cuts a stream of bytes into blocks of whole lines, and looks for nothing in them but their ends. */

/** Lines next to each other. */
export interface Block {
  /** With their line feeds; the last line of a file may have none. */
  readonly bytes: Uint8Array;
  /** The number of the first line in the file, from 1. */
  readonly firstLine: number;
  readonly lines: number;
  /** Whether it is the start of one line that is longer than `LONGEST_LINE`: the rest is left out. */
  readonly isCut: boolean;
}

/** Bytes, without the line feed. No order is longer; and a file may have no line feed at all. */
export const LONGEST_LINE = 1_048_576;

const LINE_FEED = 0x0a;

/** @param chunks bytes, cut anywhere, at most `LONGEST_LINE` at once */
export async function* cutBlocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Block> {
  let firstLine = 1;
  /** Of a line whose end has not come: all of it, or its first `LONGEST_LINE` bytes and one more. */
  let begun = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const feed = chunk.indexOf(LINE_FEED);
    if (begun.length + (feed < 0 ? chunk.length : feed) > LONGEST_LINE) {
      const room = LONGEST_LINE + 1 - begun.length;
      if (room > 0) begun = concat(begun, chunk.subarray(0, room));
      if (feed < 0) continue;
    }
    if (feed < 0) {
      begun = concat(begun, chunk);
      continue;
    }
    let from = 0;
    if (begun.length > LONGEST_LINE) {
      yield cutLine(begun, firstLine++);
      begun = Buffer.alloc(0);
      from = feed + 1;
    }
    const to = chunk.lastIndexOf(LINE_FEED) + 1;
    if (to > from) {
      const lines = countFeeds(chunk, from);
      yield { bytes: concat(begun, chunk.subarray(from, to)), firstLine, lines, isCut: false };
      firstLine += lines;
    }
    begun = concat(chunk.subarray(to));
  }
  if (begun.length > LONGEST_LINE) yield cutLine(begun, firstLine);
  else if (begun.length > 0) yield { bytes: begun, firstLine, lines: 1, isCut: false };
}

function cutLine(begun: Buffer, firstLine: number): Block {
  return { bytes: concat(begun.subarray(0, LONGEST_LINE)), firstLine, lines: 1, isCut: true };
}

/** In memory of its own: what is a part of a larger piece travels with all of that. */
function concat(...parts: readonly Buffer[]): Buffer<ArrayBuffer> {
  const whole = Buffer.from(new ArrayBuffer(parts.reduce((sum, { length }) => sum + length, 0)));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function countFeeds(bytes: Buffer, from: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED, from); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
    count++;
  }
  return count;
}
