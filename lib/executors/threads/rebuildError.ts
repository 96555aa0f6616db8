/** Makes an error that the platform raised one of this realm. */
import { fromWire, toWire } from '../../task/thrown.js';

/** Inside Jest, Node's own errors come from another realm, where `instanceof Error` is false. */
export function rebuildError(error: unknown): unknown {
  return fromWire(toWire(error));
}
