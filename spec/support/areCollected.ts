/** Tells whether the garbage collector can take what a test has let go of. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Turns of the event loop after which what is still there is taken to be held. */
const PATIENCE = 50;

export async function areCollected(held: readonly WeakRef<object>[]): Promise<boolean> {
  for (let turn = 0; turn < PATIENCE; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    if (held.every((one) => one.deref() === undefined)) return true;
  }
  return false;
}
