import * as fc from 'fast-check';
import { mergeNarrow, type Cell } from '../../../lib/trace/svg/mergeNarrow.js';
import type { TracedElement } from '../../../lib/trace/Trace.js';
import { makeTrace, type BriefElement } from '../../support/trace/makeTrace.js';

const elements = (...brief: BriefElement[]): readonly TracedElement[] => makeTrace(brief).elements;
/** A pixel for each millisecond. */
const merge = (all: readonly TracedElement[], least = 3): Cell[] =>
  mergeNarrow(all, (time) => time, least);
const drawn = (cells: readonly Cell[]): number[][] =>
  cells.map(({ x, end, count }) => [x, end, count]);

describe('the cells of a line', () => {
  it('are the elements, where these are wide enough', () => {
    expect(drawn(merge(elements([0, 0, 3], [0, 3, 9], [0, 20, 30])))).toEqual([
      [0, 3, 1],
      [3, 9, 1],
      [20, 30, 1],
    ]);
  });

  it('hold narrow elements that are next to each other, until their number has room', () => {
    const narrow = Array.from({ length: 60 }, (_, i): BriefElement => [0, i, i + 1]);
    expect(drawn(merge(elements(...narrow)))).toEqual([
      [0, 25, 25],
      [25, 50, 25],
      [50, 60, 10],
    ]);
  });

  it('are as wide as they have to be, though their number has room sooner', () => {
    const all = Array.from({ length: 10 }, (_, i): BriefElement => [0, i * 20, i * 20 + 20]);
    expect(drawn(merge(elements(...all), 70))).toEqual([
      [0, 80, 4],
      [80, 160, 4],
      [160, 200, 2],
    ]);
  });

  it('leave out what is apart, or wide', () => {
    const all = elements([0, 0, 1], [0, 1, 2], [0, 6, 7], [0, 7, 17], [0, 17, 18]);
    expect(drawn(merge(all))).toEqual([
      [0, 2, 2],
      [6, 7, 1],
      [7, 17, 1],
      [17, 18, 1],
    ]);
  });

  it('know who ran what they hold', () => {
    const [cell] = merge(elements([0, 0, 1], [4, 1, 2], [0, 2, 3]));
    expect([...cell!.workers]).toEqual([0, 4]);
  });

  it('hold what overlaps, and say how much of them was busy', () => {
    const [cell] = merge(elements([0, 0, 10], [0, 2, 7]));
    expect(cell).toMatchObject({ x: 0, end: 10, count: 2, busy: 15 });
    expect(merge(elements([0, 0, 1], [0, 3, 4]))[0]).toMatchObject({ end: 4, busy: 2 });
  });

  it('show of what overlaps the part that goes on, where that is wide enough', () => {
    expect(drawn(merge(elements([0, 0, 10], [0, 5, 20], [0, 6, 21])))).toEqual([
      [0, 10, 1],
      [10, 21, 2],
    ]);
  });

  it('count how the elements ended, and know their call if it is one', () => {
    const all = elements(
      [0, 0, 1],
      [0, 1, 2, { outcome: 'failed' }],
      [0, 2, 3, { outcome: 'crashed' }],
    );
    const outcomes = { done: 1, failed: 1, 'timed out': 0, crashed: 1 };
    expect(merge(all)).toMatchObject([{ call: 0, outcomes }]);
    expect(merge(elements([0, 0, 1], [0, 1, 2, { call: 5 }]))[0]!.call).toBeUndefined();
  });

  it('count each element once, do not overlap, and are few', () => {
    const times = fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 30, noNaN: true }),
      ),
      { size: '+1' },
    );
    const property = fc.property(times, fc.integer({ min: 3, max: 100 }), (all, least) => {
      let end = 0;
      const brief = all.map(([gap, length]): BriefElement => {
        const start = end + gap;
        return [0, start, (end = start + length)];
      });
      const cells = merge(elements(...brief), least);
      expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
      expect(cells.length).toBeLessThanOrEqual((2 * end) / least + 2);
      for (const [nth, { x }] of cells.entries())
        expect(x).toBeGreaterThanOrEqual(cells[nth - 1]?.end ?? 0);
    });
    fc.assert(property);
  });
});
