import { filter, from, take } from 'rxjs';
import { mapStream } from 'rxjs-parallel-map';

/** Endless. */
function* numbers(): Generator<number> {
  for (let n = 1_000_000; ; n++) yield n;
}

/** The number itself if nothing but it and 1 divides it. */
function prime(n: number): number | undefined {
  for (let divisor = 2; divisor * divisor <= n; divisor++) {
    if (n % divisor === 0) return undefined;
  }
  return n;
}

from(mapStream(numbers(), prime, { concurrency: 2, ordered: true }))
  .pipe(
    filter((n) => n !== undefined),
    take(2),
  )
  .subscribe((n) => {
    console.log(`${n} is prime`);
  });
