/** Has the frames of an inline function, which the worker compiled from its source, point at the user's file. */
import { locateFunction } from './locateFunction.js';
import { userPosition } from './userPosition.js';

export interface Inline {
  readonly fn: object;
  /** The name of the worker's script, and the lines in it before the source. */
  readonly url: string;
  readonly linesBefore: number;
}

/** The same stack with the user's places in it, as far as they can be found. */
export function userStack(stack: string, { fn, url, linesBefore }: Inline): string {
  const source = Function.prototype.toString.call(fn);
  const place = locateFunction(fn, source);
  if (!place) return stack;
  const lines = source.split('\n');
  // `at eval (url:1:2)` is how V8 writes the frame of a function without a name here.
  const frame = new RegExp(`(?:eval \\()?(\\(?)${escaped(url)}:(\\d+):(\\d+)(\\)?)`, 'g');
  return stack.replace(frame, (whole, open: string, row: string, column: string, close: string) => {
    const line = Number(row) - 1 - linesBefore;
    if (line < 0 || line >= lines.length) return whole;
    const lineStart = lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
    const at = userPosition(place, source, lineStart + Number(column) - 1);
    return `${open}${at.file ?? '<anonymous>'}:${at.line}:${at.column}${open && close}`;
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
