/** Which of the elements that a worker runs at once is drawn on which line: so that none overlaps another. */
import type { Interval } from './intervals.js';
import { Minima } from './Minima.js';

/**
 * For each span the first place, from 0, that is free when it starts.
 *
 * @param spans by start
 * @param limit places at most. Where there are none left, the one that is free soonest is taken.
 */
export function placesOf(spans: readonly Interval[], limit = Infinity): number[] {
  const ends = new Minima();
  return spans.map(({ start, end }) => {
    let place = ends.firstUpTo(start);
    if (place === -1 && ends.length < limit) return ends.add(end);
    if (place === -1) place = ends.firstUpTo(ends.least);
    ends.set(place, Math.max(ends.at(place), end));
    return place;
  });
}
