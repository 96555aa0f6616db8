/** A view as a table for the terminal. */
import { terminalLines } from '../../support/report/tables.js';
import type { ViewResult } from '../results.js';
import { formatOutcome, formatTarget } from './format.js';
import { HEADINGS, rowsOf } from './rows.js';

export function terminalTable(view: ViewResult): string {
  const lines = terminalLines(HEADINGS, rowsOf(view));
  const targets = view.targets.map((one) => `${formatTarget(one)}: ${formatOutcome(one)}`);
  const failures = view.rows
    .filter(({ failure }) => failure !== undefined)
    .map(({ contender, failure }) => `${contender} failed: ${failure}`);
  return [`${view.title} (${view.better} is better)`, ...lines, ...targets, ...failures]
    .map((line, i) => (i === 0 ? line : `  ${line}`))
    .join('\n');
}
