import { createPool, type TaskContext } from 'rxjs-parallel-map';

await using pool = createPool({ size: 2 });

/** Gives up when its time is over: the signal cancels what it waits for. */
async function polite(ms: number, _: number, { signal }: TaskContext): Promise<string> {
  const { setTimeout: wait } = await import('node:timers/promises');
  await wait(ms, undefined, { signal });
  return `waited ${ms} ms`;
}

/** Never looks at the signal. Its worker is replaced. */
function stubborn(ms: number): string {
  if (ms > 1000) for (;;);
  return `counted to ${ms}`;
}

const options = { settled: true, timeout: 200 } as const;
for (const fn of [polite, stubborn]) {
  for (const element of await pool.mapArray([1, 60_000], fn, options)) {
    console.log(element.status === 'fulfilled' ? element.value : element.reason.message);
  }
}
