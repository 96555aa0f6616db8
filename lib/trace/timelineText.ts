/** Draws as text which worker ran which element when: a trace or its spans in, lines out. */
import { checkBoolean, checkOptions } from '../checks.js';
import { checkField, checkRecords } from './check/checkRecords.js';
import { finite, integer, natural, optional } from './check/kinds.js';
import { checkTrace } from './checkTrace.js';
import { drawByUnit, drawToScale } from './text/draw.js';
import { rowsOfSpans, rowsOfTrace } from './text/rows.js';
import type { Trace } from './Trace.js';

/** One element's time on a worker. Times are in any unit; the picture begins at the earliest. */
export interface Span {
  readonly worker: number;
  /** Place in the input, from 0. Shown from 1. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

export interface TimelineTextOptions {
  /** Columns of a line, an integer from 20 to 10,000. Default: one per unit of time, or 80 if that were over 1000. */
  readonly width?: number | undefined;
  /** Whether a line of all elements in input order comes first. Default: false. */
  readonly jobs?: boolean | undefined;
}

const WIDTH = optional(integer(20, 10_000));
const SPAN = {
  fields: { worker: natural, index: natural, start: finite, end: finite },
  inOrder: [{ earlier: 'start', later: 'end' }],
} as const;

/** Columns of a picture that has outgrown a column per unit of time. */
const TERMINAL = 80;

/**
 * One line per worker, in the order of their ids, after one of all elements in input order (`jobs`):
 * ```
 * jobs: |.1.|..2..|.3.|...4...|
 * thread 1: |.1.|.3.|
 * thread 2: |..2..|...4...|
 * ```
 * Without `width`, an element of d units (of a trace: milliseconds) has d columns between its bars, or more if its
 * number needs them; an idle time of d units has d spaces.
 *
 * With `width`, one scale makes the longest line fit. Elements too narrow for their number join
 * their neighbours in a cell that counts them (`|..×214..|`), unless they stand alone; an idle time
 * is seen where it has room for a space between the bars.
 *
 * Of a trace, what failed has a mark (`|..3!..|`, also `×214!`), and what its call no longer waited for another
 * (`|..3~..|`); where there are several calls, each has a letter before
 * its numbers, which a first line explains; a worker that ran several elements at once (`perWorker`) has a line
 * for each (`thread 1.1`, `thread 1.2`), as has one whose spans overlap; of more than 64 workers, those that took over from each other share a line; the
 * picture begins with the first call.
 *
 * @throws RangeError for another width, and for times that are not 0 <= start <= end; TypeError for what is no trace
 * and no spans, and for options that there are not
 */
export function timelineText(
  source: Trace | Iterable<Span>,
  options: TimelineTextOptions = {},
): string {
  checkOptions('timelineText', options, ['width', 'jobs']);
  const { width, jobs = false } = options;
  checkField('timelineText: width', WIDTH, width);
  checkBoolean('timelineText: jobs', jobs);
  const { heading, rows } = isIterable(source)
    ? { heading: undefined, rows: rowsOfSpans(spansOf(source), jobs) }
    : rowsOfTrace(checked(source), { jobs, longest: width ?? TERMINAL });
  const byUnit = width === undefined ? drawByUnit(rows) : undefined;
  const lines = byUnit ?? drawToScale(rows, width ?? TERMINAL);
  return (heading === undefined ? lines : [heading, ...lines]).join('\n');
}

function isIterable(source: unknown): source is Iterable<Span> {
  return typeof source === 'object' && source !== null && Symbol.iterator in source;
}

function spansOf(source: Iterable<Span>): Span[] {
  const spans = Array.from(source);
  checkRecords('timelineText: spans', spans, SPAN);
  return spans;
}

function checked(source: unknown): Trace {
  checkTrace('timelineText', source);
  return source;
}
