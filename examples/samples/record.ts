import { mapArray, report, timelineText, trace } from 'rxjs-parallel-map';

const sumTo = (last: number): number => {
  let sum = 0;
  for (let value = 1; value <= last; value++) sum += value;
  return sum;
};

const recording = trace();
const lasts = [4e7, 8e7, 4e7, 2e8, 4e7, 8e7, 4e7];
await mapArray(lasts, sumTo, { concurrency: 2, trace: recording });

const recorded = recording.read();
const picture = timelineText(recorded, { width: process.stdout.columns });
console.error(picture);
console.error(String(report(recorded)));
console.log(`${picture.split('\n').length} workers, and a line for each`);
