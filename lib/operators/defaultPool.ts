/** `defaultPool`: what can be seen of the pool that calls share which name none. */
import { defaultDispatcher } from '../pool/createDispatcher.js';
import { eventsOf } from './eventsOf.js';
import type { Pool } from './Pool.js';

/** The pool of all calls that name none, as far as it can be seen. It is never closed. */
export type DefaultPool = Pick<Pool, 'stats' | 'events$'>;

/**
 * The statistics and the events of the pool that calls share which name no pool of their own. Starts nothing.
 *
 * ```ts
 * console.log(defaultPool().stats().elements);
 * ```
 */
export function defaultPool(): DefaultPool {
  const dispatcher = defaultDispatcher();
  return { stats: () => dispatcher.telemetry.read(), events$: eventsOf(dispatcher) };
}
