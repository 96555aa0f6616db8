/** What a worker does with a block of lines: turns each into an order, or says why it is none. */
import { isUtf8 } from 'node:buffer';
import { task, type TaskContext } from 'rxjs-parallel-map';
import { LONGEST_LINE, type Block } from './cutBlocks.js';
import { readOrder, Refusal } from './readOrder.js';
import type { Tables } from './tables.js';

/** A line that is no order. */
export interface Reject {
  /** Its number in the file, from 1. */
  readonly line: number;
  readonly reason: string;
  /** The line; what is not UTF-8 in it is replaced by U+FFFD. */
  readonly text: string;
}

export interface Transformed {
  /** Orders as NDJSON, in the order of their lines. */
  readonly ndjson: Uint8Array;
  readonly orders: number;
  /** Lines with nothing but white space. */
  readonly empty: number;
  readonly rejects: readonly Reject[];
}

export const transformBlock = task(
  import.meta.url,
  'transformBlock',
  (block: Block, _: number, { shared: tables, transfer }: TaskContext<Tables>): Transformed => {
    const rejects: Reject[] = [];
    let ndjson = '';
    let [orders, empty] = [0, 0];
    for (const { line, text, fault } of linesOf(block)) {
      if (fault !== undefined) {
        rejects.push({ line, reason: fault, text });
      } else if (text.trim() === '') {
        empty++;
      } else {
        const order = readOrRefuse(text, tables);
        if (order instanceof Refusal) {
          rejects.push({ line, reason: order.message, text });
        } else {
          ndjson += `${JSON.stringify(order)}\n`;
          orders++;
        }
      }
    }
    // Text is made bytes here, so that the main thread has only to write them, and moved rather than copied.
    const bytes = new TextEncoder().encode(ndjson);
    return transfer({ ndjson: bytes, orders, empty, rejects }, [bytes.buffer]);
  },
);

function readOrRefuse(text: string, tables: Tables): ReturnType<typeof readOrder> | Refusal {
  try {
    return readOrder(text, tables);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

interface Line {
  readonly line: number;
  readonly text: string;
  /** Why it is not even looked at. */
  readonly fault: string | undefined;
}

function linesOf({ bytes, firstLine, isCut }: Block): Line[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts = buffer.toString().split('\n');
  // What follows the last line feed.
  if (texts.at(-1) === '') texts.pop();
  // An editor may have put a mark there.
  if (firstLine === 1) texts[0] = texts[0]!.replace(/^\ufeff/, '');
  const garbled = isUtf8(buffer) ? NONE : linesThatAreNotUtf8(buffer);
  return texts.map((text, nth) => ({
    line: firstLine + nth,
    text: text.endsWith('\r') ? text.slice(0, -1) : text,
    fault: isCut ? TOO_LONG : garbled.has(nth) ? 'not UTF-8' : undefined,
  }));
}

const TOO_LONG = `longer than ${LONGEST_LINE} bytes: only its start is kept`;
const NONE: ReadonlySet<number> = new Set();

function linesThatAreNotUtf8(bytes: Buffer): ReadonlySet<number> {
  const garbled = new Set<number>();
  for (let from = 0, nth = 0; from < bytes.length; nth++) {
    const feed = bytes.indexOf(0x0a, from);
    const to = feed < 0 ? bytes.length : feed;
    if (!isUtf8(bytes.subarray(from, to))) garbled.add(nth);
    from = to + 1;
  }
  return garbled;
}
