import { Subject } from 'rxjs';
import { parallelMap } from 'rxjs-parallel-map';

/** Looks at a picture of a camera, which makes another one every moment, whether anybody is ready or not. */
function look(picture: number): string {
  return `saw picture ${picture}`;
}

const camera = new Subject<number>();
camera
  .pipe(
    parallelMap(look, {
      concurrency: 1,
      ordered: true,
      overflow: 'drop-oldest',
      highWaterMark: 2,
      settled: true,
    }),
  )
  .subscribe((element) => {
    console.log(element.status === 'fulfilled' ? element.value : element.reason.message);
  });

// All at once, before a worker has started.
for (let picture = 1; picture <= 5; picture++) camera.next(picture);
camera.complete();
