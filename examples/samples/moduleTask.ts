import { mapArray } from 'rxjs-parallel-map';
import { sha256 } from './hash.js';

const [empty, same] = await mapArray(['/dev/null', '/dev/null'], sha256);
console.log(empty, empty === same);
