/**
 * What does it cost to clone a batch, as it is and packed?
 *
 *     npx tsx spec/bench/probes/packing.ts
 *
 * Prints microseconds for one message from a port to its other end, in one thread: medians.
 */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { median } from 'simple-statistics';
import { memoryOf, pack, type Values } from '../../../lib/task/packing.js';

const kinds: Record<string, (index: number) => unknown> = {
  integers: (index) => index,
  fractions: (index) => index + 0.25,
  strings: (index) => `element ${index}`,
  objects: (index) => ({ index }),
};
const { port1, port2 } = new MessageChannel();

for (const [kind, make] of Object.entries(kinds)) {
  for (const count of [1, 16, 64, 256, 4_096, 32_768]) {
    const values = Array.from({ length: count }, (_, index) => make(index));
    const withHoles = new Array<unknown>(count);
    for (const [index, value] of values.entries()) withHoles[index] = value;
    const figures = {
      'without holes': timeOf(() => values),
      'with holes': timeOf(() => withHoles),
      packed: timeOf(() => pack(withHoles)),
    };
    const text = Object.entries(figures).map(([name, time]) => `${name} ${time.toFixed(1)}`);
    console.log(`${count} ${kind}: ${text.join(', ')} µs`);
  }
}
port1.close();

function timeOf(valuesToSend: () => Values): number {
  const times = Array.from({ length: 300 }, () => {
    const start = performance.now();
    const values = valuesToSend();
    port1.postMessage({ values }, memoryOf(values));
    receiveMessageOnPort(port2);
    return performance.now() - start;
  });
  return median(times) * 1000;
}
