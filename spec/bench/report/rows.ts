/** A view as rows of text, for the terminal and for Markdown. */
import type { ViewResult } from '../results.js';
import { formatCount, formatFigure, formatRatio } from './format.js';

export const HEADINGS = [
  'contender',
  'elements',
  'n',
  'median',
  'quartiles',
  'x best peer',
  'x Python',
] as const;

export function rowsOf(view: ViewResult): string[][] {
  return view.rows.map((row) => {
    const name = row.contender === view.bestPeer ? `${row.contender} (best peer)` : row.contender;
    const { n, median, quartiles } = row;
    if (n === undefined || median === undefined || quartiles === undefined) {
      return [name, formatCount(row.elements), '', 'failed', '', '', ''];
    }
    return [
      name,
      formatCount(row.elements),
      `${n}`,
      formatFigure(median, view.unit),
      quartiles.map((quartile) => formatFigure(quartile, view.unit)).join(' - '),
      formatRatio(row.ratioToBestPeer),
      formatRatio(row.ratioToPython),
    ];
  });
}
