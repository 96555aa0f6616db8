import * as fc from 'fast-check';
import { RoomsByFill } from '../../lib/scheduler/RoomsByFill.js';
import type { Batch, Slot } from '../../lib/scheduler/state.js';

const slotOf = (id: number): Slot => {
  const batches: Batch[] = [];
  return { id, batches } as Partial<Slot> as Slot;
};

describe('slots with room', () => {
  it('come in the order of how many they run, those added first before others, whatever was before', () => {
    const change = fc.record({ id: fc.nat(4), fill: fc.nat(6), isAdded: fc.boolean() });
    const property = fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const slots = Array.from({ length: 5 }, (_, id) => slotOf(id));
      const rooms = new RoomsByFill();
      let added: { readonly id: number; readonly fill: number }[] = [];
      for (const { id, fill, isAdded } of changes) {
        const slot = slots[id]!;
        added = added.filter((one) => one.id !== id);
        if (isAdded) {
          slot.batches.length = fill;
          rooms.add(slot);
          added.push({ id, fill });
        } else {
          rooms.delete(slot);
        }
        const wanted = added.toSorted((a, b) => a.fill - b.fill).map((one) => one.id);
        expect(Array.from(rooms, (one) => one.id)).toEqual(wanted);
        expect(rooms.size).toBe(wanted.length);
      }
    });
    fc.assert(property);
  });
});
