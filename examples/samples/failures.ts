import { createPool } from 'rxjs-parallel-map';

await using pool = createPool({ size: 2 });

function risky(n: number): number {
  if (n === 2) throw new RangeError('two is too many');
  if (n === 3) process.exit(7); // the worker dies with it, and is replaced
  return n * 10;
}

for (const element of await pool.mapArray([1, 2, 3, 4], risky, { settled: true })) {
  if (element.status === 'fulfilled') console.log(element.index, element.value);
  else console.log(element.index, element.reason.name, '-', element.reason.message);
}
