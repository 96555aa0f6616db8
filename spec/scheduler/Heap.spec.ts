import fc from 'fast-check';
import { Heap } from '../../lib/scheduler/Heap.js';

describe('a heap', () => {
  it('gives its items in their order, whatever came when', () => {
    const property = fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), (steps) => {
      const heap = new Heap<number>((a, b) => a < b);
      const model: number[] = [];
      for (const step of steps) {
        // A number goes in; anything else takes one out.
        if (step === undefined) {
          model.sort((a, b) => a - b);
          expect(heap.peek()).toBe(model[0]);
          expect(heap.pop()).toBe(model.shift());
        } else {
          heap.push(step);
          model.push(step);
        }
        expect(heap.size).toBe(model.length);
      }
      expect([...heap].sort((a, b) => a - b)).toEqual(model.sort((a, b) => a - b));
    });
    fc.assert(property);
  });
});
