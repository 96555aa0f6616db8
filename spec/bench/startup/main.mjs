/**
 * One contender's first result in this new process. Prints milliseconds since the process started, and
 * since the first import began, and ends.
 */
import { performance } from 'node:perf_hooks';
import process from 'node:process';

const began = performance.now();
/** @type {unknown} */
const contender = await import(`./${process.argv[2]}.mjs`);
const result = await /** @type {{ firstResult: Promise<unknown> }} */ (contender).firstResult;
const now = performance.now();
if (result !== 2) throw new Error(`Expected 2, but got ${String(result)}`);
process.stdout.write(JSON.stringify({ start: now, imports: now - began }), () => process.exit());
