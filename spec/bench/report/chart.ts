/** The results as a picture: a panel for each view, a bar for each contender. */
import { max } from 'simple-statistics';
import type { Results, Row, Summary, ViewResult } from '../results.js';
import { formatFigure } from './format.js';

// Pixels. Widths leave room for the widest text in fonts wider than ours.
const WIDTH = 900;
const MARGIN = 16;
const GUTTER = 24;
const PANEL = (WIDTH - 2 * MARGIN - GUTTER) / 2;
const LABEL = 138;
const VALUE = 78;
const BAR = PANEL - LABEL - VALUE;
const LINE = 20;
const HEADER = 56;
const PANEL_HEADER = 42;
const PANEL_GAP = 26;
const FOOTER = 30;

const STYLE = `
  svg { color-scheme: light dark; }
  text { font: 12px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1f2328; }
  .title { font-size: 17px; font-weight: 600; }
  .name { font-size: 13px; font-weight: 600; }
  .muted { font-size: 11px; fill: #656d76; }
  .background { fill: #ffffff; }
  .ours { fill: #1a7f5a; } .peer { fill: #a3adb8; } .python { fill: #d4a72c; } .limit { fill: #d0d7de; }
  .strong { font-weight: 600; }
  .spread, .bound { stroke: #1f2328; stroke-opacity: 0.55; }
  .bound { stroke-dasharray: 3 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .muted { fill: #8d96a0; }
    .background { fill: #0d1117; }
    .ours { fill: #2ea57a; } .peer { fill: #6e7681; } .python { fill: #bb8009; } .limit { fill: #30363d; }
    .spread, .bound { stroke: #e6edf3; }
  }`;

export function chart(results: Results): string {
  const heights = [0, 0];
  const panels = results.views.map((view) => {
    // Always the shorter column, so that the order is kept as well as it can be.
    const column = heights[0]! <= heights[1]! ? 0 : 1;
    const rows = rowsOf(view);
    const x = MARGIN + column * (PANEL + GUTTER);
    const y = HEADER + heights[column]!;
    heights[column]! += PANEL_HEADER + rows.length * LINE + PANEL_GAP;
    return `<g transform="translate(${x} ${y})">${panel(view, rows)}</g>`;
  });
  const height = HEADER + Math.max(...heights) + FOOTER;
  const { machine } = results;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Benchmark results">
<style>${STYLE}
</style>
<rect class="background" width="${WIDTH}" height="${height}" rx="6"/>
${text(MARGIN, 26, 'rxjs-parallel-map and its peers, side by side in one run', 'title')}
${text(MARGIN, 44, `${results.workers} workers on ${machine.cores} cores; Node ${machine.node}; ${results.date}. Bars: medians. Lines across their ends: quartiles.`, 'muted')}
${panels.join('\n')}
${text(MARGIN, height - 14, '* with fewer elements, because it would take minutes. A cut bar is longer than drawn.', 'muted')}
</svg>
`;
}

type Measured = Row & Summary;

function rowsOf(view: ViewResult): Measured[] {
  const measured = view.rows.filter((row): row is Measured => row.median !== undefined);
  const sign = view.better === 'more' ? -1 : 1;
  return measured.sort((a, b) => sign * (a.median - b.median));
}

function panel(view: ViewResult, rows: readonly Measured[]): string {
  const isShare = view.unit === 'of the limit';
  const full = isShare ? 1 : scaleOf(rows);
  const elements = max(rows.map((row) => row.elements));
  const at = (figure: number) => round(LABEL + Math.min(figure / full, 1) * BAR);
  const bars = rows.map((row, i) => {
    const y = PANEL_HEADER + i * LINE;
    const end = at(row.median);
    const [from, to] = row.quartiles.map(at) as [number, number];
    const isCut = row.median > full * 1.1;
    const strong = row.kind === 'ours' ? 'strong' : '';
    const name = `${row.contender}${row.elements < elements ? ' *' : ''}`;
    const valueAt = isShare ? LABEL + BAR : Math.max(end, to);
    return [
      text(LABEL - 8, y + 12, name, strong, 'end'),
      `<rect class="${row.kind}" x="${LABEL}" y="${y + 1}" width="${round(Math.max(end - LABEL, 1))}" height="14" rx="2"/>`,
      isCut
        ? `<path class="background" d="M${end - 24} ${y + 17}l8 -18h5l-8 18z"/>`
        : `<line class="spread" x1="${from}" x2="${to}" y1="${y + 8}" y2="${y + 8}"/>`,
      text(valueAt + 6, y + 12, formatFigure(row.median, view.unit), strong),
    ].join('');
  });
  const bound = LABEL + BAR;
  const bottom = PANEL_HEADER + rows.length * LINE;
  return [
    text(0, 12, view.title, 'name'),
    text(
      0,
      28,
      isShare ? 'share of the limit, more is better' : `${view.unit}, ${view.better} is better`,
      'muted',
    ),
    ...bars,
    isShare
      ? `<line class="bound" x1="${bound}" x2="${bound}" y1="${PANEL_HEADER - 4}" y2="${bottom}"/>`
      : '',
  ].join('');
}

/**
 * The figure that takes the full width. A bar that is three times as long as the next one is cut, so
 * that the others can be told apart; never one of ours.
 */
function scaleOf(rows: readonly Measured[]): number {
  const [longest, next] = [...rows].sort((a, b) => b.median - a.median);
  const cut = longest && next && longest.kind !== 'ours' && longest.median > 3 * next.median;
  return (cut ? next : longest)?.median ?? 1;
}

function round(pixels: number): number {
  return Number(pixels.toFixed(1));
}

function text(x: number, y: number, content: string, style = '', anchor = 'start'): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}"${style ? ` class="${style}"` : ''}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}>${escaped}</text>`;
}
