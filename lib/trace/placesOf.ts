/** Which of the elements that a worker runs at once is drawn on which line: so that none overlaps another. */
import type { Interval } from './intervals.js';

/**
 * For each span the first place, from 0, that is free when it starts.
 *
 * @param spans by start
 * @param limit places at most. Where there are none left, the one that is free soonest is taken.
 */
export function placesOf(spans: readonly Interval[], limit = Infinity): number[] {
  const ends: number[] = [];
  return spans.map(({ start, end }) => {
    let place = ends.findIndex((taken) => taken <= start);
    if (place === -1 && ends.length < limit) place = ends.push(end) - 1;
    if (place === -1) place = ends.indexOf(ends.reduce((a, b) => Math.min(a, b)));
    ends[place] = Math.max(ends[place]!, end);
    return place;
  });
}
