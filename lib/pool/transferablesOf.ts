/** Asks the user what of some elements is to be moved to their worker, and checks the answer. */
import type { Transferable } from 'node:worker_threads';
import { quote } from '../quote.js';
import type { Values } from '../task/packing.js';
import { checkTransferable } from '../task/transferable.js';

/** Each once. @throws what `transfer` throws, or TypeError about what it gives */
export function transferablesOf(
  values: Values,
  transfer: (value: unknown) => readonly Transferable[],
): readonly Transferable[] {
  const lists = Array.from<unknown, readonly Transferable[]>(values, (value) =>
    checkTransfer(transfer(value)),
  );
  return [...new Set(lists.flat())];
}

function checkTransfer(list: unknown): readonly Transferable[] {
  if (Array.isArray(list)) {
    for (const [nth, one] of list.entries()) checkTransferable(`transfer(value)[${nth}]`, one);
    return list as Transferable[];
  }
  throw new TypeError(`transfer(value) must give an array, but gave ${quote(list)}`);
}
