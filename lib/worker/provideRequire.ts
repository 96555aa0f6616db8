/** Lets the `threads` package load also where code may not be made from text. */
import { createRequire } from 'node:module';

/**
 * threads 1.7.0 gets at `require` by `eval('require')`, unless it finds the one that webpack hides. Without
 * either it takes a worker for the main thread.
 *
 * @returns takes it away again, once the package is loaded
 */
export function provideRequire(): () => void {
  const global = globalThis as { __non_webpack_require__?: NodeJS.Require };
  if (global.__non_webpack_require__) return () => undefined;
  global.__non_webpack_require__ = createRequire(process.execPath);
  return () => {
    delete global.__non_webpack_require__;
  };
}
