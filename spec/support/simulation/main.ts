/**
 * How well does the scheduler use its slots, and what does it cost itself, from 1 to 1,024 slots and
 * with a million elements of all sorts?
 *
 *     npm run simulate       about two minutes; prints, and writes docs/simulation.md
 */
import { readFileSync } from 'node:fs';
import { replaceBetween, writeFormatted } from '../report/pages.js';
import { markdownTable, terminalLines } from '../report/tables.js';
import { TABLES } from './tables.js';

const PAGE = new URL('../../../docs/simulation.md', import.meta.url);

const MARKERS = {
  begin: '<!-- tables: written by npm run simulate -->',
  end: '<!-- end of tables -->',
};

const sections = TABLES.map(({ title, headings, rows }) => {
  const all = [...rows()];
  console.log([title, ...terminalLines(headings, all)].join('\n  '), '\n');
  return [`### ${title}`, markdownTable(headings, all)];
});
const date = new Date().toISOString().slice(0, 10);
const about = `Simulated on ${date} with Node ${process.version}.`;
const text = [about, ...sections.flat()].join('\n\n');
await writeFormatted(PAGE, replaceBetween(readFileSync(PAGE, 'utf8'), MARKERS, text));
