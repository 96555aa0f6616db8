/** Stands in for the library's own builtFiles.ts, whose `import.meta` CommonJS has not. */
import * as path from 'node:path';

const dist = path.join(__dirname, '../../dist');

export const workerFile: string = path.join(dist, 'worker.cjs');
export const analysisFile: string = path.join(dist, 'analysis.cjs');
