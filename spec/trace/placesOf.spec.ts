import * as fc from 'fast-check';
import { placesOf } from '../../lib/trace/placesOf.js';

const span = (start: number, end: number): { start: number; end: number } => ({ start, end });

describe('the places of spans', () => {
  it('are the first that are free', () => {
    expect(placesOf([span(0, 5), span(1, 2), span(2, 9), span(5, 6), span(5, 6)])).toEqual([
      0, 1, 1, 0, 2,
    ]);
  });

  it('are no more than the limit: then what is free soonest is taken', () => {
    expect(placesOf([span(0, 9), span(0, 5), span(1, 2), span(6, 7)], 2)).toEqual([0, 1, 1, 1]);
  });

  it('hold no two spans at the same time, without a limit', () => {
    const spans = fc.array(fc.tuple(fc.nat(50), fc.nat(20)), { maxLength: 60 });
    const property = fc.property(spans, (all) => {
      const sorted = all.map(([start, length]) => span(start, start + length));
      sorted.sort((a, b) => a.start - b.start);
      const places = placesOf(sorted);
      const ends = new Map<number, number>();
      for (const [nth, { start, end }] of sorted.entries()) {
        expect(ends.get(places[nth]!) ?? 0).toBeLessThanOrEqual(start);
        ends.set(places[nth]!, end);
      }
    });
    fc.assert(property);
  });

  it('are those that a look at each place from the first on would find', () => {
    const spans = fc.array(fc.tuple(fc.nat(50), fc.nat(20)), { maxLength: 80 });
    const property = fc.property(spans, fc.integer({ min: 1, max: 12 }), (all, limit) => {
      const sorted = all.map(([start, length]) => span(start, start + length));
      sorted.sort((a, b) => a.start - b.start);
      const ends: number[] = [];
      const expected = sorted.map(({ start, end }) => {
        let place = ends.findIndex((taken) => taken <= start);
        if (place === -1) {
          place = ends.length < limit ? ends.length : ends.indexOf(Math.min(...ends));
        }
        ends[place] = Math.max(ends[place] ?? 0, end);
        return place;
      });
      expect(placesOf(sorted, limit)).toEqual(expected);
    });
    fc.assert(property, { numRuns: 300 });
  });

  // A look at each would be five thousand million.
  it('are found for a hundred thousand at the same time', () => {
    const spans = Array.from({ length: 100_000 }, (_, start) => span(start, 1e9));
    expect(placesOf(spans).at(-1)).toBe(99_999);
  });
});
