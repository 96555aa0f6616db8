import { Readable } from 'node:stream';
import { mapStream } from 'rxjs-parallel-map';

function square(n: number): number {
  return n * n;
}

const squares = Readable.from(mapStream([1, 2, 3, 4, 5, 6], square, { ordered: true }));

// From here on, it is a stream like any other.
console.log(await squares.filter((n: number) => n % 2 === 0).toArray());
