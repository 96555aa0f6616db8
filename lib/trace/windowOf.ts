/** Which stretch of a trace is looked at: from its first call, or from where the records begin that were kept. */
import { coverOf, hullOf, type Cover, type Interval } from './intervals.js';
import type { Millis, Trace, TracedCall } from './Trace.js';

/** Of a pool that idled before its first call and after its last one, that is left out. */
export function windowOf(trace: Trace): Interval {
  const kept = hullOf(records(trace));
  const whole = hullOf([...callsOf(trace), ...(kept ? [kept] : [])]);
  if (!whole) return { start: 0, end: trace.duration };
  return trace.omitted > 0 && kept ? { start: kept.start, end: whole.end } : whole;
}

/** The times when a call was under way, within the window. */
export function activeTimes(trace: Trace): Cover {
  const { start, end } = windowOf(trace);
  const calls = trace.calls.length > 0 ? callsOf(trace) : [{ start, end }];
  return coverOf(
    calls.map((call) => ({ start: Math.max(call.start, start), end: Math.min(call.end, end) })),
  );
}

export function callsOf({ calls, duration }: Trace): Interval[] {
  return calls.map((call) => ({ start: call.start, end: endOf(call, duration) }));
}

/** Of a call that is under way, the end of the trace. */
export function endOf({ start, end }: TracedCall, duration: Millis): Millis {
  return Math.max(start, end ?? duration);
}

function* records({ elements, batches }: Trace): Generator<Interval> {
  // A trace that is full keeps more batches than their elements: what is before these would look idle.
  if (elements.length > 0) yield* elements;
  else for (const { sent, returned = sent } of batches) yield { start: sent, end: returned };
}
