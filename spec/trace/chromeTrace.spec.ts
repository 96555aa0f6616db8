import * as fc from 'fast-check';
import { chromeTrace, type ChromeTraceEvent } from '../../lib/trace/chromeTrace.js';
import type { Trace } from '../../lib/trace/Trace.js';
import { anyTrace, emptyTrace } from '../support/trace/arbitraryTrace.js';
import { docsPicture } from '../support/trace/docsPicture.js';
import { callOf, makeTrace } from '../support/trace/makeTrace.js';
import { tutorialTrace } from '../support/trace/traceOf.js';

type Of<Ph> = Extract<ChromeTraceEvent, { ph: Ph }>;

/** As a viewer reads them: from the text of the file. */
function eventsOf(trace: Trace): readonly ChromeTraceEvent[] {
  return (JSON.parse(JSON.stringify(chromeTrace(trace))) as { traceEvents: ChromeTraceEvent[] })
    .traceEvents;
}

function only<Ph extends ChromeTraceEvent['ph']>(
  ph: Ph,
  events: readonly ChromeTraceEvent[],
): Of<Ph>[] {
  return events.filter((event): event is Of<Ph> => event.ph === ph);
}

const trackOf = ({ pid, tid }: ChromeTraceEvent): string => `${pid}/${tid}`;

/** The names of tracks, by process and thread. */
function tracksOf(events: readonly ChromeTraceEvent[]): Map<string, string> {
  const names = only('M', events).filter(({ name }) => name === 'thread_name');
  return new Map(names.map((event) => [trackOf(event), String(event.args['name'])]));
}

/** `track: name from to`, in microseconds. */
function slices(trace: Trace): string[] {
  const events = eventsOf(trace);
  const tracks = tracksOf(events);
  return only('X', events).map((event) => {
    return `${tracks.get(trackOf(event))}: ${event.name} ${event.ts} ${event.ts + event.dur}`;
  });
}

const nanos = (micros: number): number => Math.round(micros * 1000);

/** What the format asks for, kind by kind. https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU */
function expectValid(events: readonly ChromeTraceEvent[]): void {
  const tracks = tracksOf(events);
  for (const event of events) {
    expect(Number.isInteger(event.pid) && Number.isInteger(event.tid)).toBe(true);
    expect(event.name).toMatch(/./);
    if (event.ph === 'M') continue;
    expect(tracks.has(trackOf(event)) || event.ph === 'i').toBe(true);
    expect(event.cat).toMatch(/./);
    expect(event.ts).toBeGreaterThanOrEqual(0);
    if (event.ph === 'X') expect(event.dur).toBeGreaterThanOrEqual(0);
    if (event.ph === 's' || event.ph === 'f') expect(Number.isInteger(event.id)).toBe(true);
  }
}

describe('the trace for Chrome', () => {
  it('has the elements of each worker on its track, in microseconds, beside calls and batches', () => {
    const trace = makeTrace(
      [
        [0, 0, 3],
        [1, 0, 5.5],
        [0, 3, 6],
      ],
      {
        batches: [{ id: 7, call: 0, worker: 1, count: 1, sent: 0, returned: 6, ran: 5.5 }],
      },
    );
    expect(slices(trace)).toEqual([
      'calls: work 0 6000',
      'worker 0: work[0] 0 3000',
      'worker 0: work[2] 3000 6000',
      'worker 1: work[1] 0 5500',
      'batches of worker 1: batch 7 of work 0 6000',
    ]);
  });

  it('has times in whole nanoseconds, so that what follows on another is not before its end', () => {
    const [first, second] = only(
      'X',
      eventsOf(
        makeTrace([
          [0, 0.12345678, 0.7],
          [0, 0.7, 1.1],
        ]),
      ),
    ).slice(1);
    expect(first).toMatchObject({ ts: 123.457, dur: 576.543 });
    expect(second).toMatchObject({ ts: 700, dur: 400 });
  });

  it('tells of each element what the trace knows', () => {
    const [element] = only(
      'X',
      eventsOf(makeTrace([[0, 1, 3, { outcome: 'failed', attempt: 2 }]])),
    ).filter(({ cat }) => cat === 'element');
    expect(element).toMatchObject({
      ...{ ph: 'X', ts: 1000, dur: 2000, name: 'work[0]', cname: 'terrible' },
      args: { call: 0, index: 0, batch: 0, attempt: 2, outcome: 'failed' },
    });
  });

  it('names its groups and tracks, in an order', () => {
    const names = only(
      'M',
      eventsOf(
        makeTrace([
          [0, 0, 1],
          [10, 0, 1],
          [2, 0, 1],
        ]),
      ),
    );
    expect(
      names.filter(({ name }) => name === 'process_name').map(({ args }) => args['name']),
    ).toEqual([...['calls', 'workers', 'batches']]);
    expect(
      names.filter(({ name }) => name === 'thread_name').map(({ args }) => args['name']),
    ).toEqual([...['calls', 'worker 0', 'worker 2', 'worker 10']]);
    expect(names.filter(({ name }) => name.endsWith('sort_index'))).toHaveLength(7);
  });

  it('has further tracks for what a worker runs at the same time', () => {
    const trace = makeTrace(
      [
        [0, 0, 5],
        [0, 0, 3],
        [0, 3, 8],
      ],
      { calls: [callOf({ perWorker: 3 })], workers: [] },
    );
    expect(slices(trace).slice(1)).toEqual([
      'worker 0: work[1] 0 3000',
      'worker 0: work[2] 3000 8000',
      'worker 0 (2): work[0] 0 5000',
    ]);
  });

  it('tells why a worker idled, how it started and how it ended', () => {
    const trace = makeTrace([[0, 5, 6]], {
      workers: [{ id: 0, start: 1, ready: 5, end: 9, ending: 'crashed' }],
      idle: [
        { worker: 0, start: 6, end: 8, cause: 'window full' },
        { worker: 0, start: 1, end: 5, cause: 'starting' },
      ],
      reclaims: [{ batch: 3, worker: 0, count: 4, at: 7 }],
    });
    expect(slices(trace).slice(1)).toEqual([
      'worker 0: starting 1000 5000',
      'worker 0: work[0] 5000 6000',
      'worker 0: idle: window full 6000 8000',
    ]);
    const moments = only('i', eventsOf(trace)).map(({ name, ts, pid, tid }) => [
      name,
      ts,
      pid,
      tid,
    ]);
    expect(moments).toEqual([
      ['4 taken back', 7000, 2, 1],
      ['crashed', 9000, 2, 1],
    ]);
  });

  it('draws arrows from a batch to its first element, and from a try to the next', () => {
    const batches = [
      { id: 0, call: 0, worker: 0, count: 2, sent: 0, returned: 9, ran: 8 },
      { id: 1, call: 0, worker: 1, count: 1, sent: 4, returned: 9, ran: 3 },
    ];
    const trace = makeTrace(
      [
        [0, 1, 3, { outcome: 'failed', batch: 0 }],
        [0, 3, 9, { batch: 0 }],
        [1, 5, 8, { index: 0, attempt: 2, batch: 1 }],
      ],
      { batches },
    );
    const events = eventsOf(trace);
    const arrows = only('s', events).map((from) => {
      const to = only('f', events).find(({ id }) => id === from.id)!;
      return [from.name, trackOf(from), from.ts, trackOf(to), to.ts];
    });
    expect(arrows).toEqual([
      ['runs', '3/1', 0, '2/1', 1000],
      ['runs', '3/2', 4000, '2/2', 5000],
      ['tried again', '2/1', 1000, '2/2', 5000],
    ]);
  });

  it('shows what is under way until the end of the trace', () => {
    const trace = makeTrace([], {
      ...{ duration: 10, calls: [callOf({ start: 2 })], workers: [{ id: 0, start: 4 }] },
      batches: [{ id: 0, call: 0, worker: 0, count: 1, sent: 5, ran: 0 }],
    });
    expect(slices(trace)).toEqual([
      'calls: work 2000 10000',
      'worker 0: starting 4000 10000',
      'batches of worker 0: batch 0 of work 5000 10000',
    ]);
    const states = only('X', eventsOf(trace)).map(({ args }) => args['state']);
    expect(states).toEqual(['under way', 'not ready yet', 'under way']);
  });

  it('says what made it, when it began, and what is missing', () => {
    const { displayTimeUnit, otherData } = chromeTrace({ ...tutorialTrace(), omitted: 3 });
    expect(displayTimeUnit).toBe('ms');
    expect(otherData).toMatchObject({ startedAt: '2026-11-28T00:00:00.000Z', omitted: 3 });
  });

  it('is valid where nothing is known', () => {
    expectValid(eventsOf(emptyTrace));
    expect(only('X', eventsOf(emptyTrace))).toEqual([]);
  });

  it('is valid for a pool’s life with all that can happen', () => {
    expectValid(eventsOf(docsPicture()));
  });

  it('is valid, complete, and has no overlap on any track, whatever the trace', () => {
    const property = fc.property(anyTrace, (trace) => {
      const events = eventsOf(trace);
      expectValid(events);
      const all = only('X', events);
      const count = (kind: string): number => all.filter(({ cat }) => cat === kind).length;
      expect(count('element')).toBe(trace.elements.length);
      expect(count('call')).toBe(trace.calls.length);
      expect(count('batch')).toBe(trace.batches.length);
      expect(only('i', events)).toHaveLength(
        trace.reclaims.length + trace.workers.filter(({ end }) => end !== undefined).length,
      );
      expect(only('s', events).map(({ id }) => id)).toEqual(only('f', events).map(({ id }) => id));

      const ends = new Map<string, number>();
      for (const event of all) {
        const start = nanos(event.ts);
        expect(start).toBeGreaterThanOrEqual(ends.get(trackOf(event)) ?? 0);
        ends.set(trackOf(event), start + nanos(event.dur));
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});
