import { Ring } from '../../../lib/pool/telemetry/Ring.js';

describe('a ring', () => {
  it('keeps the last so many things in their order, and counts all that there were', () => {
    const ring = new Ring<number>(3);
    expect(ring.toArray()).toEqual([]);
    for (const thing of [1, 2, 3]) ring.add(thing);
    expect([ring.toArray(), ring.added]).toEqual([[1, 2, 3], 3]);
    for (const thing of [4, 5, 6, 7]) ring.add(thing);
    expect([ring.toArray(), ring.added]).toEqual([[5, 6, 7], 7]);
  });
});
