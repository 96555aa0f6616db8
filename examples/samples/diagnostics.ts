import { subscribe } from 'node:diagnostics_channel';
import { mapArray, type ElementMessage } from 'rxjs-parallel-map';

subscribe('rxjs-parallel-map:element:end', (message) => {
  const { call, index, startTime, endTime, error } = message as ElementMessage;
  // With OpenTelemetry: tracer.startSpan(call.name, { startTime }).end(endTime)
  const took = endTime - startTime < 1000 ? 'quick' : 'slow';
  console.log(`${call.name} ${index}: ${error ? error.message : took}`);
});

const positive = (value: number): number => {
  if (value < 0) throw new RangeError('negative');
  return value;
};
await mapArray([1, -1, 2], positive, { settled: true, concurrency: 1 });
