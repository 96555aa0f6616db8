/**
 * Takes the samples: each repetition runs every entry once, and begins with another one.
 *
 * Whatever else the machine does then hurts all alike, and the ratio of two entries can be taken
 * repetition by repetition. tinybench 6 and mitata 1 run one task to its end before the next, so the
 * loop is our own; the statistics come from simple-statistics.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Figures of one repetition, by name. */
export type Sample = Readonly<Record<string, number>>;

export interface Entry {
  readonly contender: string;
  readonly kind: 'ours' | 'peer' | 'python' | 'limit';
  /** Elements of one repetition. */
  readonly elements: number;
  /** Takes part in every n-th repetition only: for what takes long. */
  readonly every: number;
  measure(): Promise<Sample>;
}

/** An entry's sample of each repetition, undefined where it did not take part. */
export interface Samples {
  readonly entry: Entry;
  readonly samples: readonly (Sample | undefined)[];
  /** Why it was left out from some point on. */
  readonly failure: string | undefined;
}

/** Milliseconds after which an entry counts as hanging. The slowest one takes 5 s. */
const DEADLINE = 60_000;

/** Milliseconds that each entry runs before the first repetition, once at least: all is compiled then. */
const WARM_UP = 250;

export async function interleave(
  entries: readonly Entry[],
  repetitions: number,
  /** Told which repetition begins; 0 while all warm up. */
  progress: (repetition: number) => void,
): Promise<Samples[]> {
  const taken = entries.map((entry) => ({
    entry,
    samples: new Array<Sample | undefined>(repetitions).fill(undefined),
    failure: undefined as string | undefined,
  }));
  const measure = async (one: (typeof taken)[number]) => {
    try {
      return await beforeDeadline(one.entry.measure());
    } catch (error) {
      one.failure = error instanceof Error ? error.message : String(error);
      return undefined;
    } finally {
      await nextTurn();
    }
  };

  progress(0);
  for (const one of taken) {
    const end = performance.now() + WARM_UP;
    do await measure(one);
    while (one.failure === undefined && performance.now() < end);
  }
  for (let repetition = 0; repetition < repetitions; repetition++) {
    progress(repetition + 1);
    for (let turn = 0; turn < taken.length; turn++) {
      const one = taken[(turn + repetition) % taken.length]!;
      if (repetition % one.entry.every !== 0 || one.failure !== undefined) continue;
      one.samples[repetition] = await measure(one);
    }
  }
  return taken;
}

async function beforeDeadline<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`did not end within ${DEADLINE / 1000} s`)),
      DEADLINE,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

setFlagsFromString('--expose-gc');
/** Called before the clock starts, so that nobody clears up what another one has left. */
export const collectGarbage = runInNewContext('gc') as () => void;
