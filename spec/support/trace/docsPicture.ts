/** The trace of the picture in the documents: in virtual time, with one of everything that a picture can show. */
import type { Trace } from '../../../lib/trace/Trace.js';
import { traceOf } from './traceOf.js';

/** Milliseconds, in no order that is simple. */
const durations = (count: number, least: number, most: number): number[] =>
  Array.from(
    { length: count },
    (_, i) => least + ((i * i * 7 + i * 13) % 17) * ((most - least) / 16),
  );

export function docsPicture(): Trace {
  const trace = traceOf(
    {
      size: 4,
      overhead: 0.4,
      slots: [
        { type: 'opens', after: 22 },
        { type: 'opens', after: 24 },
        { type: 'isLost', after: 27, openFor: 44, running: 'settles', returnsAfter: 1 },
        { type: 'opens', after: 29 },
        { type: 'opens', after: 23 },
      ],
      lanes: [
        { limit: 4, arrivals: [{ after: 0, durations: durations(22, 4, 18) }] },
        {
          limit: 2,
          opensAt: 84,
          arrivals: [
            { after: 0, durations: durations(150, 0.1, 0.5) },
            { after: 44, durations: durations(7, 5, 11) },
          ],
        },
      ],
    },
    {
      names: ['resize', 'checksum'],
      outcomeOf: ({ lane, index }) => {
        if (lane === 0 && index === 8) return 'failed';
        return lane === 0 && index === 13 ? 'timed out' : undefined;
      },
    },
  );
  // The second call may not run on more than two workers.
  const idle = trace.idle.map((span) =>
    span.worker === 1 && span.start > 50 ? ({ ...span, cause: 'limit' } as const) : span,
  );
  return { ...trace, idle };
}
