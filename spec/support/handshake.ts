/** Lets a test and a function that it sent away wait for each other, instead of sleeping. */

/** Shared memory that goes along as (part of) a value; all zeros at first. */
export function makeFlags(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8 * Int32Array.BYTES_PER_ELEMENT));
}

/** Lets go on whoever waits for the flag, be it in `Atomics.wait` or by looking again and again. */
export function raise(flags: Int32Array, flag: number): void {
  Atomics.store(flags, flag, 1);
  Atomics.notify(flags, flag);
}

/** Looks again and again, and lets everything else happen in between. Jest's time-out is its limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

export function raised(flags: Int32Array, flag: number): Promise<void> {
  return until(() => Atomics.load(flags, flag) > 0);
}

/**
 * Waits in one go, so that no timer of this thread can fire meanwhile: not the one, either, that
 * replaces a worker which is slow to hear of its abort.
 */
export function blockUntilRaised(flags: Int32Array, flag: number, count = 1): void {
  for (let now; (now = Atomics.load(flags, flag)) < count;) {
    if (Atomics.wait(flags, flag, now, 20_000) === 'timed-out') {
      throw new Error(`Flag ${flag} is ${now} and stays below ${count}`);
    }
  }
}
