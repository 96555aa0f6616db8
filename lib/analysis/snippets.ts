/** Shows lines of a user's file with a mark below what is meant, as compilers do. */
import type { Position } from './userPosition.js';

export interface Mark {
  readonly at: Position;
  /** Characters to underline. */
  readonly length: number;
}

/** Lines shown; a function that uses more than so many names needs another remedy anyway. */
const MOST_LINES = 5;

/** Characters of a line shown. What a bundler wrote can be one line of a million. */
const WIDEST = 120;

/** The lines, each once, below the name of their file. */
export function snippets(marks: readonly Mark[]): string {
  const byLine = new Map<string, Mark[]>();
  for (const mark of marks) {
    const line = `${mark.at.file ?? ''}:${mark.at.line}`;
    byLine.set(line, [...(byLine.get(line) ?? []), mark]);
  }
  const shown = [...byLine.values()].slice(0, MOST_LINES).map(snippet);
  const hidden = byLine.size - shown.length;
  return [...shown, ...(hidden > 0 ? [`  and ${hidden} lines more`] : [])].join('\n');
}

function snippet(marks: readonly Mark[]): string {
  const { file, line, column, text } = marks[0]!.at;
  const where =
    file === undefined
      ? `  line ${line}, column ${column} of the function:`
      : `  ${file}:${line}:${column}`;
  const from = Math.max(0, Math.min(column - 1 - WIDEST / 2, text.length - WIDEST));
  const cut = text.slice(from, from + WIDEST);
  // Tabs stay what they are, so that the mark is below what it means.
  const carets = Array.from<string, string>(cut, (char) => (char === '\t' ? '\t' : ' '));
  for (const { at, length } of marks) {
    const start = at.column - 1 - from;
    for (let i = start; i < Math.min(start + length, WIDEST); i++) carets[i] = '^';
  }
  const number = `${line}`;
  return [
    where,
    `  ${number} | ${cut}`,
    `  ${' '.repeat(number.length)} | ${carets.join('').trimEnd()}`,
  ].join('\n');
}
