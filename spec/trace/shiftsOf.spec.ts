import * as fc from 'fast-check';
import { peakOf } from '../../lib/trace/intervals.js';
import { shiftsOf } from '../../lib/trace/shiftsOf.js';
import type { TracedWorker } from '../../lib/trace/Trace.js';
import { makeTrace, type BriefElement } from '../support/trace/makeTrace.js';

function rowsOf(
  workers: readonly TracedWorker[],
  elements: readonly BriefElement[] = [],
): number[][] {
  const trace = makeTrace(elements, { workers, duration: 1e6 });
  const ids = [...workers.map(({ id }) => id), ...elements.map(([worker]) => worker)];
  return shiftsOf(trace, ids).map((row) => row.map(({ id }) => id));
}

/** So many that not each has a row: one after the other, from 0. */
const crowd = (count = 65): TracedWorker[] =>
  Array.from({ length: count }, (_, id) => ({ id, start: id, ready: id, end: id + 1 }));

const lives = fc
  .array(fc.tuple(fc.nat(2000), fc.nat(30), fc.nat(30)), { minLength: 65, maxLength: 150 })
  .map((all) =>
    all.map(([start, starting, length], id) => {
      const ready = start + starting;
      return { id, start, ready, end: ready + length + 1 };
    }),
  );

describe('the shifts of workers', () => {
  it('are on a row of their own, by id, for up to 64 workers', () => {
    const ids = Array.from({ length: 64 }, (_, id) => [id]);
    expect(rowsOf(crowd(64).reverse())).toEqual(ids);
    expect(rowsOf(crowd(65))).toHaveLength(1);
  });

  it('hold each worker once, and none beside another that was ready', () => {
    const property = fc.property(lives, (workers) => {
      const rows = shiftsOf(makeTrace([], { workers }), new Set(workers.map(({ id }) => id)));
      expect(rows.flatMap((row) => row.map(({ id }) => id)).sort((a, b) => a - b)).toEqual(
        workers.map(({ id }) => id),
      );
      for (const row of rows) {
        for (const [nth, { worker, start, end }] of row.entries()) {
          const before = row[nth - 1]?.end ?? 0;
          expect(worker!.ready).toBeGreaterThanOrEqual(before);
          expect([start, end]).toEqual([Math.max(worker!.start, before), worker!.end]);
        }
      }
    });
    fc.assert(property);
  });

  it('need as many rows as workers were there at once, or as were ready at once', () => {
    const property = fc.property(lives, (workers) => {
      const count = rowsOf(workers).length;
      expect(count).toBeLessThanOrEqual(peakOf(workers));
      expect(count).toBeGreaterThanOrEqual(peakOf(workers.map((w) => ({ ...w, start: w.ready }))));
    });
    fc.assert(property);
  });

  it('have rows in the order of their first workers', () => {
    fc.assert(
      fc.property(lives, (workers) => {
        const firsts = rowsOf(workers).map(([first]) => first!);
        expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
      }),
    );
  });

  it('take the place of the one that ended last', () => {
    const later = [
      { id: 100, start: 100, ready: 101, end: 110 },
      { id: 101, start: 100, ready: 101, end: 120 },
      { id: 102, start: 121, ready: 122, end: 130 },
    ];
    const [first, second] = rowsOf([...crowd(), ...later]);
    expect(first!.slice(-1)).toEqual([100]);
    expect(second).toEqual([101, 102]);
  });

  it('rather follow one that has ended than one that will have, before they are ready', () => {
    const later = [
      { id: 100, start: 100, ready: 101, end: 120 },
      { id: 101, start: 100, ready: 101, end: 105 },
      { id: 102, start: 110, ready: 130, end: 140 },
      { id: 103, start: 110, ready: 130, end: 140 },
    ];
    expect(rowsOf([...crowd(), ...later]).map((row) => row.slice(-2))).toEqual([
      [100, 103],
      [101, 102],
    ]);
  });

  it('follow none that is still there, also if they are not ready yet or never were', () => {
    const later: TracedWorker[] = [
      { id: 100, start: 100, ready: 101 },
      { id: 101, start: 102 },
      { id: 102, start: 103, end: 104, ending: 'failed to start' },
      { id: 103, start: 105, end: 106, ending: 'failed to start' },
    ];
    expect(rowsOf([...crowd(), ...later]).map((row) => row.filter((id) => id >= 100))).toEqual([
      [100],
      [101],
      [102, 103],
    ]);
  });

  it('follow one that ended while they were starting, also if they never were ready', () => {
    const later: TracedWorker[] = [
      { id: 100, start: 100, ready: 101, end: 105 },
      { id: 101, start: 103, end: 107, ending: 'failed to start' },
    ];
    expect(rowsOf([...crowd(), ...later])).toHaveLength(1);
  });

  it('last as long as its elements, of a worker of which nothing else is known', () => {
    const rows = rowsOf(crowd(), [
      [100, 70, 72],
      [100, 74, 75],
      [101, 73, 74],
      [102, 75, 76],
    ]);
    expect(rows.map((row) => row.filter((id) => id >= 100))).toEqual([[100, 102], [101]]);
  });

  it('are those of four places for thousands of workers, each asked for before the one before it ends', () => {
    const workers = Array.from({ length: 5000 }, (_, id): TracedWorker => {
      const start = Math.floor(id / 4) * 50 + (id % 4) * 3;
      return { id, start, ready: start + 30, end: start + 70, ending: 'closed' };
    });
    expect(rowsOf(workers).map(({ length }) => length)).toEqual([1250, 1250, 1250, 1250]);
  });
});
