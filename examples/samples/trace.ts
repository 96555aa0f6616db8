import { mapArray, trace } from 'rxjs-parallel-map';

const half = (value: number): number => value / 2;

const recording = trace();
await mapArray([10, 20, 30], half, { concurrency: 2, trace: recording });
const { calls, elements, omitted } = recording.read();
console.log(`${calls[0]?.name}: ${elements.length} elements, ${omitted} left out`);
