import { backoff, mapArray } from 'rxjs-parallel-map';

/** A service that is overloaded at first. `calls` is shared memory, so that it can count. */
async function load(calls: Int32Array): Promise<string> {
  const call = Atomics.add(calls, 0, 1) + 1;
  if (call < 3) throw new Error(`busy at call ${call}`);
  return await Promise.resolve(`answered at call ${call}`);
}

const calls = new Int32Array(new SharedArrayBuffer(4));
const [element] = await mapArray([calls], load, {
  settled: true,
  retry: {
    count: 5,
    delay: backoff({ initial: 10 }),
    on: (error) => String(error.cause).includes('busy'),
  },
});
if (element?.status === 'fulfilled') console.log(element.value, '-', element.attempts, 'attempts');
