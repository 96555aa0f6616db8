import fc from 'fast-check';
import { ElementStore } from '../../lib/pool/ElementStore.js';

describe('an element store', () => {
  it('gives back what was put in, across the borders of its chunks', () => {
    const property = fc.property(
      fc.array(fc.integer({ min: 1, max: 6000 }), { minLength: 1, maxLength: 4 }),
      fc.nat(20_000),
      fc.nat(9000),
      (sizes, from, count) => {
        const store = new ElementStore();
        const plain: number[] = [];
        for (const size of sizes) {
          const values = Array.from({ length: size }, (_, nth) => plain.length + nth);
          store.add(values);
          plain.push(...values);
        }
        const start = Math.min(from, plain.length - 1);
        const end = Math.min(start + count + 1, plain.length);
        expect(store.size).toBe(plain.length);
        expect(Array.from(store.get([{ start, end }]))).toEqual(plain.slice(start, end));
      },
    );
    fc.assert(property, { numRuns: 30 });
  });

  it('puts several ranges together', () => {
    const store = new ElementStore();
    store.add(['a', 'b', 'c', 'd']);
    const ranges = [
      { start: 3, end: 4 },
      { start: 0, end: 2 },
    ];
    expect(store.get(ranges)).toEqual(['d', 'a', 'b']);
  });

  it('refers to nothing that was dropped, and to the rest as before', () => {
    const store = new ElementStore();
    const values = Array.from({ length: 5000 }, (_, nth) => ({ nth }));
    store.add(values);
    store.drop([{ start: 0, end: 4098 }]);
    expect(store.get([{ start: 4098, end: 4100 }])).toEqual([{ nth: 4098 }, { nth: 4099 }]);
    expect(store.get([{ start: 4097, end: 4098 }])).not.toContain(values[4097]);
  });

  it('is not changed by a change of the array that was put in', () => {
    const store = new ElementStore();
    const values = [1, 2];
    store.add(values);
    values[0] = 9;
    expect(store.get([{ start: 0, end: 2 }])).toEqual([1, 2]);
  });
});
