import { mapArray, task } from 'rxjs-parallel-map';

const mean = task<typeof import('./stats.mjs')>(new URL('./stats.mjs', import.meta.url), 'mean');

console.log(await mapArray([[1, 2], [3]], mean));
