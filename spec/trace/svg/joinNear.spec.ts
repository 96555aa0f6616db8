import * as fc from 'fast-check';
import { joinNear } from '../../../lib/trace/svg/joinNear.js';

const join = (all: readonly (readonly [from: number, to: number])[]): (readonly number[])[] =>
  joinNear(
    all.map(([from, to], of) => ({ from, to, of })),
    9,
  ).map(({ from, to, of }) => [from, to, of.length]);

describe('what is near each other', () => {
  it('is joined where it is narrow, until it is wide enough together', () => {
    const narrow = Array.from({ length: 10 }, (_, i) => [i * 3, i * 3 + 3] as const);
    expect(join(narrow)).toEqual([
      [0, 9, 3],
      [9, 18, 3],
      [18, 27, 3],
      [27, 30, 1],
    ]);
  });

  it('stays apart where it is wide, or far away', () => {
    const all = [
      [0, 9],
      [9, 10],
      [10, 40],
      [40, 41],
      [49, 50],
    ] as const;
    expect(join(all)).toEqual(all.map(([from, to]) => [from, to, 1]));
  });

  it('is all there in its order, in two stretches for each such width at most', () => {
    const stretches = fc.array(fc.tuple(fc.nat(300), fc.nat(12)), { maxLength: 200 });
    const property = fc.property(stretches, (all) => {
      const byStart = all.map(([from, length]) => ({ from, to: from + length, of: from }));
      byStart.sort((a, b) => a.from - b.from);
      const joined = joinNear(byStart, 9);
      expect(joined.flatMap(({ of }) => of)).toEqual(byStart.map(({ of }) => of));
      for (const { from, to, of } of joined) {
        const own = byStart.filter((one) => one.from >= of[0]! && one.from <= of.at(-1)!);
        expect(from).toBe(of[0]);
        expect(to).toBeLessThanOrEqual(Math.max(...own.map((one) => one.to)));
      }
      const narrow = joined.filter(({ from, to }) => to - from < 9);
      for (const [nth, { from }] of narrow.entries()) {
        const next = narrow[nth + 2]?.from ?? Infinity;
        expect(next - from).toBeGreaterThanOrEqual(9);
      }
    });
    fc.assert(property);
  });
});
