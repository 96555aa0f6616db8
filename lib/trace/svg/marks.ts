/** Shapes that several parts of a picture are drawn with. */
import { tag } from './markup.js';

/** Pixels between marks, so that none hides another. */
export const APART = 9;

export const BAD = ['crashed', 'timed out', 'failed', 'cancelled'] as const;

export function mark(kind: (typeof BAD)[number], x: number, y: number, content = ''): string {
  return tag('use', { href: `#rpm-${kind.replace(' ', '-')}`, x, y }, content);
}

/** Time in which a worker ran nothing. */
export function band(
  name: string,
  from: number,
  to: number,
  height: number,
  content: string,
): string {
  const inset = name === 'starting' ? 0 : Math.max(1, Math.round(height / 2 - 6));
  const rect = { class: name, x: from, y: inset, width: to - from, height: height - 2 * inset };
  return tag('rect', rect, content);
}

/** Where elements were taken back. */
export const RECLAIM = '<path class="r" d="M0-8 5 1H-5z"/>';
