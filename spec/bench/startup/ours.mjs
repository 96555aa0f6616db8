import 'rxjs';
import { mapArray } from 'rxjs-parallel-map';

const results = mapArray([1], (x) => x + 1, 1);
export const firstResult = results.then(([result]) => result);
