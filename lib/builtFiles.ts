/** Where the files are that are loaded by themselves. The only file that depends on the format of the build. */
import { fileURLToPath } from 'node:url';

// Both are beside the built index, as ES module and as CommonJS (see tsup.config.ts).

/** What worker threads load. */
export const workerFile: string = fileURLToPath(new URL('./worker.cjs', import.meta.url));

/** What is loaded when a function is first looked into. */
export const analysisFile: string = fileURLToPath(new URL('./analysis.cjs', import.meta.url));
