/** Stands in for the library's own workerLocation.ts, whose `import.meta` CommonJS has not. */
import * as path from 'node:path';

export const workerLocation: string = path.join(__dirname, '../../dist/worker.cjs');
