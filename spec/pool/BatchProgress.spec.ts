import fc from 'fast-check';
import { BatchProgress } from '../../lib/pool/BatchProgress.js';
import type { Range } from '../../lib/task/ranges.js';

const settled = (from: number, count: number) => ({
  from,
  values: new Array<unknown>(count).fill(0),
  failures: [],
  durations: undefined,
});

const all = (given: readonly Range[]): number[] =>
  given.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, nth) => start + nth));

describe('the progress of a batch', () => {
  it('knows what has not ended, whatever ended in which order and whatever was taken back', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.uniqueArray(fc.nat(29)),
      fc.nat(30),
      (count, ended, takenFrom) => {
        const progress = new BatchProgress([{ start: 100, end: 100 + count }]);
        const own = ended.filter((position) => position < Math.min(count, takenFrom));
        for (const position of own) progress.note(settled(position, 1));
        const taken = all(progress.takeBackFrom(takenFrom));
        const left = all(progress.unstarted());
        const everything = [...own.map((position) => 100 + position), ...taken, ...left];
        expect(everything.sort((a, b) => a - b)).toEqual(all([{ start: 100, end: 100 + count }]));
        expect(progress.ended).toBe(own.length);
      },
    );
    fc.assert(property);
  });

  it('takes back nothing twice', () => {
    const progress = new BatchProgress([{ start: 0, end: 5 }]);
    expect(progress.takeBackFrom(2)).toEqual([{ start: 2, end: 5 }]);
    expect(progress.takeBackFrom(1)).toEqual([{ start: 1, end: 2 }]);
    expect(progress.takeBackFrom(Infinity)).toEqual([]);
  });
});
