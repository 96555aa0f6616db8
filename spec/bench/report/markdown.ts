/** The results as Markdown, between two markers of a page, so that page and JSON cannot disagree. */
import type { Results, ViewResult } from '../results.js';
import { formatOutcome, formatTarget } from './format.js';
import { HEADINGS, rowsOf } from './rows.js';

const BEGIN = '<!-- results: written by npm run bench -->';
const END = '<!-- end of results -->';

export function replaceResults(page: string, results: Results): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`The page lacks "${BEGIN}" or "${END}"`);
  return `${page.slice(0, begin)}${BEGIN}\n\n${markdownOf(results)}\n\n${page.slice(end)}`;
}

function markdownOf({ date, mode, machine, workers, versions, views }: Results): string {
  const targets = views.flatMap((view) =>
    view.targets.map((one) => [view.title, formatTarget(one), formatOutcome(one)]),
  );
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${date}${mode === 'full' ? '' : ' in quick mode'}: ${machine.platform}, ${machine.cores} cores, Node ${machine.node}, ${machine.python ?? 'no Python'}, ${versionList.join(', ')}. ${workers} workers each. Load average before the run: ${machine.loadAverage}.`,
    '### Targets',
    table(['work', 'target', 'measured (quartiles)'], targets),
    ...views.flatMap((view) => [`### ${view.title}`, ...section(view)]),
  ].join('\n\n');
}

function section(view: ViewResult): string[] {
  const about = `${view.about} ${view.better === 'more' ? 'More' : 'Less'} is better.`;
  return [about, table(HEADINGS, rowsOf(view))];
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}
