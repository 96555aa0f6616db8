/** Draws as SVG which worker ran which element when, and why it idled: a trace in, the text of a file out. */
import { checkOptions } from '../checks.js';
import { checkField } from './check/checkRecords.js';
import { integer, optional, text } from './check/kinds.js';
import { checkTrace } from './checkTrace.js';
import { cut, count, formatMillis, formatPercent, nameOf } from './formats.js';
import { report } from './report.js';
import type { Report } from './report/Report.js';
import { coloured, drawLegend } from './svg/drawLegend.js';
import { workersNamed } from './svg/drawShifts.js';
import { drawRow, type Palette } from './svg/drawRow.js';
import { HEADER, layOut, MARGIN, type Layout } from './svg/layout.js';
import { escapeLines, label, short, tag, tooltip } from './svg/markup.js';
import { LETTER } from './svg/mergeNarrow.js';
import { SHAPES, STYLE } from './svg/style.js';
import { ticks } from './svg/ticks.js';
import type { Trace } from './Trace.js';

export interface TimelineSvgOptions {
  /** Pixels, an integer from 320 to 8000. Default: 960. The height follows from the number of workers. */
  readonly width?: number | undefined;
  /** Default: the names of the functions, and how many elements and workers there are. */
  readonly title?: string | undefined;
}

const WIDTH = integer(320, 8000);
const TITLE = optional(text);

/**
 * A row for each worker, or several for one that ran several elements at once (`perWorker`). Of more than 64 workers,
 * those that took over from each other share a row, one after the other, as with `maxElementsPerWorker` or after crashes.
 * Elements have their number, from 1; those too narrow to see are drawn together, so that the file grows with width and
 * rows, and not with them: up to about a megabyte for a thousand workers at once. What failed, what a worker waited for,
 * and when it started and ended is marked, and explained in a legend; more is told when pointing at it. It is dark where
 * the reader prefers that. There are no scripts in it, and it loads nothing.
 *
 * @throws RangeError for another width, TypeError for what is no trace, and for options that there are not
 */
export function timelineSvg(trace: Trace, options: TimelineSvgOptions = {}): string {
  checkOptions('timelineSvg', options, ['width', 'title']);
  const { width = 960, title } = options;
  checkField('timelineSvg: width', WIDTH, width);
  checkField('timelineSvg: title', TITLE, title);
  checkTrace('timelineSvg', trace);
  const told = report(trace);
  const heading = title ?? titleOf(trace);
  const layout = layOut(trace, width);
  const palette = paletteOf(trace);
  const rows = layout.rows.map((row) => drawRow(row, layout, palette));
  const legendTop = layout.bottom + 34;
  const merged = rows.some((row) => row.includes('>×'));
  const legend = drawLegend(trace, { layout, y: legendTop, merged });
  const height = legendTop + legend.height + 6;
  const letters = Math.floor((width - 2 * MARGIN) / LETTER);
  const top = { x: MARGIN, y: 26, class: 'h' };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="rpm" role="img" viewBox="0 0 ${width} ${short(height)}" width="${width}" height="${short(height)}">`,
    tooltip(heading),
    `<desc>${escapeLines(String(told))}</desc>`,
    `<style>${STYLE}</style><defs>${SHAPES}</defs>`,
    tag('rect', { class: 'b', width, height }),
    label(top, cut(heading, Math.floor(letters * 0.66))),
    label(
      { x: MARGIN, y: 46, class: 's' },
      cut(subtitleOf(trace, told), Math.floor(letters * 0.9)),
    ),
    drawAxis(layout),
    ...layout.rows.map(({ name, shifts, y, height }, nth) => {
      if (nth % layout.labelEvery > 0) return '';
      const text = label({ class: 'l', x: layout.left - 8, y: y + height / 2 + 4 }, name);
      if (shifts.length === 1) return text;
      return tag('g', {}, tooltip(workersNamed(shifts.map(({ id }) => id))) + text);
    }),
    ...rows,
    legend.markup,
    '</svg>\n',
  ].join('\n');
}

function titleOf({ calls, elements, workers }: Trace): string {
  const names = [...new Set(calls.map((call) => nameOf(call)))];
  const named =
    names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  const ran = new Set(elements.map(({ call, index }) => `${call} ${index}`)).size;
  const on = new Set([...elements.map(({ worker }) => worker), ...workers.map(({ id }) => id)])
    .size;
  return `${named || 'No calls'}: ${count(ran, 'element')} on ${count(on, 'worker')}`;
}

function subtitleOf(trace: Trace, told: Report): string {
  const { runs, serial, wall, speedUp, efficiency, workers, places, omitted } = told;
  if (runs === 0) return told.advice;
  const of = places > workers ? `${places} places` : count(workers, 'worker');
  const underWay = trace.calls.some(({ end }) => end === undefined) ? '; still under way' : '';
  const left = omitted > 0 ? `; the ${omitted} oldest records are not kept` : '';
  return `${formatMillis(serial)} of work in ${formatMillis(wall)}: ${speedUp.toFixed(2)} times as fast, ${formatPercent(efficiency)} of ${of}${underWay}${left}`;
}

function paletteOf(trace: Trace): Palette {
  const classes = new Map(coloured(trace).map(({ id }, nth) => [id, `c${nth}`]));
  const calls = new Map(trace.calls.map((call) => [call.id, call]));
  return { calls, classOf: (call) => (call === undefined ? 'c9' : (classes.get(call) ?? 'c9')) };
}

function drawAxis({ start, end, left, right, bottom, toX }: Layout): string {
  return ticks(end - start, Math.floor((right - left) / 76))
    .map(({ at, label: time }) => {
      const x = toX(start + at);
      const line = tag('line', { class: 'g', x1: x, x2: x, y1: HEADER - 6, y2: bottom + 2 });
      return line + label({ class: 'x', x, y: bottom + 16 }, time);
    })
    .join('');
}
