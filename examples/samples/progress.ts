import { from, lastValueFrom } from 'rxjs';
import { mapArray, parallelMap, progress } from 'rxjs-parallel-map';

const half = (value: number): number => value / 2;
const values = [10, 20, 30];

let last = '';
const results = await mapArray(values, half, {
  onProgress: ({ done, failed, total = 0, eta = 0 }) => {
    last = `${done + failed} of ${total}, ${Math.ceil(eta / 1000)} s left`;
  },
});
console.log(results, last);

const { done, total } = await lastValueFrom(
  from(values).pipe(parallelMap(half), progress(values.length)),
);
console.log(`${done} of ${total}`);
