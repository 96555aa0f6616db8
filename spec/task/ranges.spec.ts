import fc from 'fast-check';
import { countOf, indexAt, IndexCursor, sliceOf, type Range } from '../../lib/task/ranges.js';

const ranges = fc.array(
  fc.tuple(fc.nat(100), fc.nat(5)).map(([start, count]) => ({ start, end: start + count })),
  { maxLength: 6 },
);

/** The indices one by one: the plain form that the others are held against. */
const all = (given: readonly Range[]): number[] =>
  given.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, nth) => start + nth));

describe('ranges', () => {
  it('count, index and slice like the list of their indices', () => {
    const property = fc.property(ranges, fc.nat(30), fc.nat(30), (given, from, count) => {
      const plain = all(given);
      expect(countOf(given)).toBe(plain.length);
      const cursor = new IndexCursor(given);
      plain.forEach((index, position) => {
        expect(indexAt(given, position)).toBe(index);
        expect(cursor.at(position)).toBe(index);
      });
      expect(all(sliceOf(given, from, from + count))).toEqual(plain.slice(from, from + count));
    });
    fc.assert(property);
  });

  it('have no index past their end', () => {
    expect(() => indexAt([{ start: 4, end: 6 }], 2)).toThrow(RangeError);
  });
});
