import { mapStream } from 'rxjs-parallel-map';

/** Endless. */
function* numbers(): Generator<number> {
  try {
    for (let n = 1; ; n++) yield n;
  } finally {
    console.log('the source is closed');
  }
}

function cube(n: number): number {
  return n ** 3;
}

const cubes = mapStream(numbers(), cube, { ordered: true, highWaterMark: 100 });
for await (const n of cubes) {
  if (n > 100) break;
  console.log(n);
}
console.log('at most 100 were read in vain:', cubes.undelivered <= 100);
