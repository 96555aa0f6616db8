/** A view as a table for the terminal. */
import type { ViewResult } from '../results.js';
import { formatOutcome, formatTarget } from './format.js';
import { HEADINGS, rowsOf } from './rows.js';

export function terminalTable(view: ViewResult): string {
  const table = [HEADINGS, ...rowsOf(view)];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('   ')
      .trimEnd(),
  );
  const targets = view.targets.map((one) => `${formatTarget(one)}: ${formatOutcome(one)}`);
  const failures = view.rows
    .filter(({ failure }) => failure !== undefined)
    .map(({ contender, failure }) => `${contender} failed: ${failure}`);
  return [`${view.title} (${view.better} is better)`, ...lines, ...targets, ...failures]
    .map((line, i) => (i === 0 ? line : `  ${line}`))
    .join('\n');
}
