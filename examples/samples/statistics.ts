import { createPool, defaultPool } from 'rxjs-parallel-map';

const checked = (price: number): number => {
  if (price < 0) throw new RangeError('a negative price');
  return price;
};

await using pool = createPool({ size: 2 });
pool.events$.subscribe((event) => {
  if (event.type === 'callEnded') console.log(`call ${event.call} has ${event.how}`);
});
await pool.mapArray([3, 4, -1, 5], checked, { settled: true });

const { elements, workers, times } = pool.stats();
console.log(`${elements.done} done, ${elements.failed} failed, ${workers.crashed} crashed`);
console.log(times.run.p90 < 1000 ? 'most take less than a second' : 'slow');
console.log(defaultPool().stats().elements.arrived, 'elements in the pool that calls share');
