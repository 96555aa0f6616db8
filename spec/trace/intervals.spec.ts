import * as fc from 'fast-check';
import {
  common,
  coverOf,
  hullOf,
  lengthOf,
  peakOf,
  type Interval,
} from '../../lib/trace/intervals.js';

const intervals = fc
  .array(fc.tuple(fc.nat(40), fc.nat(8)), { maxLength: 20 })
  .map((all) => all.map(([start, length]): Interval => ({ start, end: start + length })));

/** How many of the intervals hold the unit of time from `at` on. */
const holding = (all: readonly Interval[], at: number): number =>
  all.filter(({ start, end }) => start <= at && at < end).length;
const units = Array.from({ length: 50 }, (_, at) => at);

describe('intervals', () => {
  it('cover together each moment that one of them holds, once', () => {
    const property = fc.property(intervals, (all) => {
      const cover = coverOf(all);
      expect(units.map((at) => holding(cover, at))).toEqual(
        units.map((at) => Math.min(1, holding(all, at))),
      );
      expect(lengthOf(cover)).toBe(units.filter((at) => holding(all, at) > 0).length);
      for (const [nth, { start }] of cover.entries()) {
        expect(start).toBeGreaterThan(cover[nth - 1]?.end ?? -1);
      }
    });
    fc.assert(property);
  });

  it('have in common what both cover', () => {
    const property = fc.property(intervals, intervals, (some, others) => {
      const both = units.filter((at) => holding(some, at) > 0 && holding(others, at) > 0);
      const shared = common(coverOf(some), coverOf(others));
      expect(units.filter((at) => holding(shared, at) > 0)).toEqual(both);
    });
    fc.assert(property);
  });

  it('have a peak', () => {
    const property = fc.property(intervals, (all) => {
      expect(peakOf(all)).toBe(Math.max(...units.map((at) => holding(all, at))));
    });
    fc.assert(property);
  });

  it('have a hull, if there are any', () => {
    expect(
      hullOf([
        { start: 3, end: 4 },
        { start: 1, end: 2 },
      ]),
    ).toEqual({ start: 1, end: 4 });
    expect(hullOf([])).toBeUndefined();
  });
});
