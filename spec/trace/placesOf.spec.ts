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
});
