/** Which elements of a line are drawn together, since each by itself would be too narrow to see. */
import type { TracedElement } from '../Trace.js';

/** One element, or several that are next to each other. Pixels. */
export interface Cell {
  readonly x: number;
  end: number;
  /** Pixels of it in which elements ran. */
  busy: number;
  readonly first: TracedElement;
  count: number;
  /** Ids of those that ran them. */
  readonly workers: Set<number>;
  /** The call of all of them; undefined if there are several. */
  call: number | undefined;
  readonly outcomes: Record<TracedElement['outcome'], number>;
}

/** Pixels that a letter takes, in fonts wider than ours. */
export const LETTER = 6.6;

/**
 * At most two cells for each `least` pixels, however many elements there are.
 *
 * @param elements of one line, by start
 * @param toX the pixel at which a time is drawn
 * @param least pixels that an element has to have to be drawn by itself
 */
export function mergeNarrow(
  elements: readonly TracedElement[],
  toX: (time: number) => number,
  least: number,
): Cell[] {
  const cells: Cell[] = [];
  for (const element of elements) {
    const last = cells.at(-1);
    const [start, end] = [toX(element.start), toX(element.end)];
    // Of what overlaps, since there are more at once than lines, the rest is drawn.
    const x = Math.max(start, last?.end ?? 0);
    if (last && end - x < least && takesIn(last, start, least))
      join(last, element, end, end - start);
    else cells.push(cellOf(element, x, end));
  }
  return cells;
}

export function labelOf({ count, first }: Cell): string {
  return count === 1 ? String(first.index + 1) : `×${count}`;
}

export function hasRoomFor(label: string, { x, end }: Cell): boolean {
  return end - x >= label.length * LETTER + 5;
}

/** Whether it takes in a narrow element: one that overlaps it, or is near while it is narrow itself or has no room for its label. */
function takesIn(cell: Cell, start: number, least: number): boolean {
  if (start < cell.end - 0.5) return true;
  const isNarrow = cell.end - cell.x < least;
  const isOpen = isNarrow || (cell.count > 1 && !hasRoomFor(labelOf(cell), cell));
  return isOpen && start - cell.end < least;
}

function cellOf(first: TracedElement, x: number, end: number): Cell {
  const outcomes = { done: 0, failed: 0, 'timed out': 0, crashed: 0, cancelled: 0 };
  outcomes[first.outcome]++;
  const workers = new Set([first.worker]);
  return { x, end, busy: end - x, first, count: 1, workers, call: first.call, outcomes };
}

function join(cell: Cell, element: TracedElement, end: number, busy: number): void {
  cell.end = Math.max(cell.end, end);
  cell.busy += busy;
  cell.count++;
  cell.workers.add(element.worker);
  if (cell.call !== element.call) cell.call = undefined;
  cell.outcomes[element.outcome]++;
}
