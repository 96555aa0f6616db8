/** Refuses what is no trace, such as the text of one, before it is drawn as an empty one. */
import type { Trace } from './Trace.js';

const LISTS = ['calls', 'workers', 'elements', 'batches', 'reclaims', 'idle'] as const;

/**
 * @param caller as the message shall name it
 * @throws TypeError when it is no trace, or one of a version that is not known here
 */
export function checkTrace(caller: string, trace: unknown): asserts trace is Trace {
  const fault = faultOf(trace);
  if (fault === undefined) return;
  throw new TypeError(`${caller} expects a trace of version 1, but got ${fault}`);
}

function faultOf(trace: unknown): string | undefined {
  if (typeof trace === 'string') return 'text. Put it through JSON.parse first';
  if (typeof trace !== 'object' || trace === null) return String(trace);
  const { version, ...lists } = trace as Record<string, unknown>;
  if (version === undefined) return 'an object without a version';
  if (version !== 1) return `one of version ${JSON.stringify(version)}`;
  const missing = LISTS.find((name) => !Array.isArray(lists[name]));
  return missing && `one without its list "${missing}"`;
}
