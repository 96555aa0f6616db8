import { lastValueFrom, range, toArray } from 'rxjs';
import {
  createPool,
  mapArray,
  mapStream,
  parallelMap,
  trace,
  WorkerCrashedError,
  type Trace,
  type TracedElement,
} from '../../lib/index.js';

/** Times are differences of others, which do not always come out the same to the last digit. */
const EPSILON = 1e-6;

const spin = (rounds: number): number => {
  let sum = 0;
  for (let nth = 0; nth < rounds; nth++) sum += Math.sqrt(nth);
  return sum;
};

const crashAt3 = (value: number): number => (value === 3 ? process.exit(7) : value);

/** What must be so, whatever the machine does meanwhile. */
function check({ elements, batches, workers, duration }: Trace): void {
  const ofBatch = new Map(batches.map((batch) => [batch.id, batch]));
  for (const { batch: id, start, end } of elements) {
    const { sent, returned } = ofBatch.get(id)!;
    const moments = [0, sent, start, end, returned!, duration];
    for (const [nth, moment] of moments.slice(1).entries()) {
      expect(moment).toBeGreaterThanOrEqual(moments[nth]! - EPSILON);
    }
  }
  for (const { id, ready } of workers) {
    const own = elements.filter(({ worker }) => worker === id);
    own.sort((a, b) => a.start - b.start);
    let free = ready ?? Infinity;
    for (const { start, end } of own) {
      expect(start).toBeGreaterThanOrEqual(free - EPSILON);
      free = end;
    }
  }
}

const indicesOf = (elements: readonly TracedElement[]): number[] =>
  elements.map(({ index }) => index).sort((a, b) => a - b);

describe('a trace of worker threads', () => {
  it('has each element once, one after the other on its worker, by one clock', async () => {
    await using pool = createPool({ size: 2 });
    const recording = trace();
    const values = new Array<number>(300).fill(2_000);
    await pool.mapArray(values, spin, { trace: recording });
    const found = recording.read();
    check(found);
    expect(indicesOf(found.elements)).toEqual(values.map((_, nth) => nth));
    expect(found.calls).toMatchObject([{ name: 'spin', arrived: 300, done: 300, failed: 0 }]);
    expect(found.batches.reduce((sum, { ran }) => sum + ran, 0)).toBeGreaterThan(0);
  });

  it('is that of its own calls only, also on the pool that calls share', async () => {
    const recording = trace();
    const streamed: number[] = [];
    for await (const one of mapStream([1, 2], spin, { trace: recording })) streamed.push(one);
    await lastValueFrom(range(0, 3).pipe(parallelMap(spin, { trace: recording }), toArray()));
    await mapArray([1], spin);
    const found = recording.read();
    check(found);
    expect(found.calls.map(({ done }) => done)).toEqual([2, 3]);
    expect(found.elements).toHaveLength(5);
  });

  it('tells the element with which a worker died, and those that ran again', async () => {
    await using pool = createPool({ size: 1 });
    const recording = trace();
    const call = pool.mapArray([1, 2, 3, 4], crashAt3, {
      trace: recording,
      settled: true,
      batchSize: 4,
    });
    const results = await call;
    expect(results[2]).toMatchObject({ reason: expect.any(WorkerCrashedError) as unknown });
    const found = recording.read();
    check(found);
    expect(found.elements.map(({ index, outcome }) => `${index} ${outcome}`).sort()).toEqual([
      ...['0 done', '1 done', '2 crashed', '3 done'],
    ]);
    expect(found.workers.map(({ ending }) => ending)).toEqual(['crashed', undefined]);
  });
});
