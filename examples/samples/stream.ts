import { range } from 'rxjs';
import { filter } from 'rxjs/operators';
import { parallelMap } from 'rxjs-parallel-map';

/** The number itself if nothing but it and 1 divides it. */
function prime(n: number): number | undefined {
  for (let divisor = 2; divisor * divisor <= n; divisor++) {
    if (n % divisor === 0) return undefined;
  }
  return n;
}

range(1_000_000_000_000, 50)
  .pipe(
    parallelMap(prime, 2),
    filter((n) => n !== undefined),
  )
  .subscribe((n) => {
    console.log(`${n} is prime`);
  });
