import fc from 'fast-check';
import { Heap } from '../../lib/scheduler/Heap.js';
import { Limits } from '../../lib/scheduler/Limits.js';

describe('the limits of lanes', () => {
  it('have none at first', () => {
    expect(new Limits().largest).toBe(0);
  });

  it('know the largest of those that are there, whatever came and went', () => {
    const comings = fc.record({ limit: fc.integer({ min: 1, max: 5 }), comes: fc.boolean() });
    const property = fc.property(fc.array(comings), (events) => {
      const limits = new Limits();
      const there: number[] = [];
      for (const { limit, comes } of events) {
        const at = there.indexOf(limit);
        if (comes) {
          there.push(limit);
          limits.add(limit);
        } else if (at >= 0) {
          there.splice(at, 1);
          limits.remove(limit);
        }
        expect(limits.largest).toBe(Math.max(0, ...there));
      }
    });
    fc.assert(property);
  });

  it('keep each once, however many lanes come and go', () => {
    const push = jest.spyOn(Heap.prototype, 'push');
    const limits = new Limits();
    for (let lane = 0; lane < 100; lane++) {
      limits.add(2);
      limits.remove(2);
    }
    expect(push).toHaveBeenCalledTimes(1);
    push.mockRestore();
  });
});
