/** Where the file is that worker threads load. The only file that depends on the format of the build. */
import { fileURLToPath } from 'node:url';

/** Beside the built index, as ES module and as CommonJS (see tsup.config.ts). */
export const workerLocation: string = fileURLToPath(new URL('./worker.cjs', import.meta.url));
