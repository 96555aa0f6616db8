/** Sets of times: what several intervals cover together, and how much of it another set covers as well. */

export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** Intervals that neither touch nor overlap, the earliest first. */
export type Cover = readonly Interval[];

export function coverOf(intervals: Iterable<Interval>): Cover {
  const cover: { start: number; end: number }[] = [];
  for (const { start, end } of Array.from(intervals).sort((a, b) => a.start - b.start)) {
    const last = cover.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else if (end > start) cover.push({ start, end });
  }
  return cover;
}

export function lengthOf(cover: Cover): number {
  return cover.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** What both cover. */
export function common(a: Cover, b: Cover): Cover {
  const shared: Interval[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [one, other] = [a[i]!, b[j]!];
    const start = Math.max(one.start, other.start);
    const end = Math.min(one.end, other.end);
    if (end > start) shared.push({ start, end });
    if (one.end < other.end) i++;
    else j++;
  }
  return shared;
}

/** How many of the intervals there are at once, at most. One that ends when another starts is not beside it. */
export function peakOf(intervals: Iterable<Interval>): number {
  const changes: [at: number, by: 1 | -1][] = [];
  for (const { start, end } of intervals) {
    if (end > start) changes.push([start, 1], [end, -1]);
  }
  changes.sort(([a, i], [b, j]) => a - b || i - j);
  let [now, peak] = [0, 0];
  for (const [, by] of changes) peak = Math.max(peak, (now += by));
  return peak;
}

/** From the first start to the last end; undefined of none. */
export function hullOf(intervals: Iterable<Interval>): Interval | undefined {
  let [start, end] = [Infinity, -Infinity];
  for (const one of intervals) {
    start = Math.min(start, one.start);
    end = Math.max(end, one.end);
  }
  return end >= start ? { start, end } : undefined;
}
