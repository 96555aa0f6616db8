import { mapArray, TaskCaptureError } from 'rxjs-parallel-map';

const rate = 0.5;
const round = (x: number) => Math.round(x);

try {
  await mapArray([10, 3], (price) => round(price * rate));
} catch (error) {
  if (error instanceof TaskCaptureError) console.log(error.message);
}
