import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromeTrace, timelineSvg, type Trace } from 'rxjs-parallel-map';

const file = new URL('./tutorial.trace.json', import.meta.url);
const trace = JSON.parse(readFileSync(file, 'utf8')) as Trace;

const folder = mkdtempSync(join(tmpdir(), 'schedule-'));
writeFileSync(join(folder, 'schedule.svg'), timelineSvg(trace, { width: 1200 }));
writeFileSync(join(folder, 'schedule.json'), JSON.stringify(chromeTrace(trace)));
