/** The results as Markdown, between two markers of a page, so that page and JSON cannot disagree. */
import { replaceBetween } from '../../support/report/pages.js';
import { markdownTable } from '../../support/report/tables.js';
import type { Results, ViewResult } from '../results.js';
import { formatOutcome, formatTarget } from './format.js';
import { HEADINGS, rowsOf } from './rows.js';

const MARKERS = {
  begin: '<!-- results: written by npm run bench -->',
  end: '<!-- end of results -->',
};

export function replaceResults(page: string, results: Results): string {
  return replaceBetween(page, MARKERS, markdownOf(results));
}

function markdownOf({ date, mode, machine, workers, versions, views }: Results): string {
  const targets = views.flatMap((view) =>
    view.targets.map((one) => [view.title, formatTarget(one), formatOutcome(one)]),
  );
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${date}${mode === 'full' ? '' : ' in quick mode'}: ${machine.platform}, ${machine.cores} cores, Node ${machine.node}, ${machine.python ?? 'no Python'}, ${versionList.join(', ')}. ${workers} workers each. Load average before the run: ${machine.loadAverage}.`,
    '### Targets',
    markdownTable(['work', 'target', 'measured (quartiles)'], targets),
    ...views.flatMap((view) => [`### ${view.title}`, ...section(view)]),
  ].join('\n\n');
}

function section(view: ViewResult): string[] {
  const about = `${view.about} ${view.better === 'more' ? 'More' : 'Less'} is better.`;
  return [about, markdownTable(HEADINGS, rowsOf(view))];
}
