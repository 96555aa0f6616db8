import { readFileSync } from 'node:fs';
import { report, timelineText, type Trace } from 'rxjs-parallel-map';

// What was recorded earlier, and kept with JSON.stringify.
const file = new URL('./tutorial.trace.json', import.meta.url);
const trace = JSON.parse(readFileSync(file, 'utf8')) as Trace;

console.log(timelineText(trace, { jobs: true }));
console.log(String(report(trace)));
