import { mapArray } from 'rxjs-parallel-map';

const jobs = [
  [3, 4, 56, 7],
  [22, 5, 4, 5, 7],
  [11, 2, 545, 235, 6, 3],
  [22, 45, 6, 4],
];

/** Population standard deviation. */
function std(xs: number[]): number {
  const mean = xs.reduce((sum, x) => sum + x, 0) / xs.length;
  return Math.sqrt(xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / xs.length);
}

console.log(await mapArray(jobs, std, 3));
