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

/** `track: name from to`, in microseconds, track by track. */
function slices(trace: Trace): string[] {
  const events = eventsOf(trace);
  const tracks = tracksOf(events);
  const byTrack = only('X', events).sort((a, b) => a.tid - b.tid);
  return byTrack.map((event) => {
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
    expect(tracks.has(trackOf(event))).toBe(true);
    expect(event.cat).toMatch(/./);
    expect(event.ts).toBeGreaterThanOrEqual(0);
    if (event.ph === 'X') expect(event.dur).toBeGreaterThanOrEqual(0);
    if (event.ph === 's' || event.ph === 'f') expect(Number.isInteger(event.id)).toBe(true);
  }
}

/** What Perfetto's trace processor asks for beyond the format: without it, names and arrows go to another track. */
function expectRead(events: readonly ChromeTraceEvent[]): void {
  const tids = [...tracksOf(events).keys()].map((track) => Number(track.split('/')[1]));
  // A name is given to whatever has the thread's id, in whichever process; a process has a thread with its own id, and 0 is the kernel's.
  expect(new Set([0, 1, 2, 3, ...tids]).size).toBe(tids.length + 4);
  const begun = new Set<number>();
  let slice: ChromeTraceEvent | undefined;
  for (const event of events) {
    if (event.ph === 'X') slice = event;
    if (event.ph !== 's' && event.ph !== 'f') continue;
    // An arrow's end is bound to the slice that came last, and to none if the arrow has not begun.
    expect([trackOf(event), event.ts]).toEqual([trackOf(slice!), (slice as typeof event).ts]);
    if (event.ph === 's') begun.add(event.id);
    else expect(begun.has(event.id)).toBe(true);
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
      ['4 taken back', 7000, 2, 5],
      ['crashed', 9000, 2, 5],
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
    const tracks = tracksOf(events);
    const arrows = only('s', events).map((from) => {
      const to = only('f', events).find(({ id }) => id === from.id)!;
      const [first, last] = [from, to].map((end) => tracks.get(trackOf(end)));
      return [from.name, first, from.ts, last, to.ts];
    });
    expect(arrows).toEqual([
      ['runs', 'batches of worker 0', 0, 'worker 0', 1000],
      ['tried again', 'worker 0', 1000, 'worker 1', 5000],
      ['runs', 'batches of worker 1', 4000, 'worker 1', 5000],
    ]);
  });

  it('draws no arrow back from a batch that was measured to be sent after its first element had started', () => {
    const batches = [{ id: 0, call: 0, worker: 0, count: 2, sent: 1.5, returned: 9, ran: 8 }];
    const trace = makeTrace(
      [
        [0, 1, 3, { batch: 0 }],
        [0, 3, 9, { batch: 0 }],
      ],
      { batches },
    );
    expect(only('s', eventsOf(trace))).toEqual([]);
  });

  it('has arrows also where batch and element take no time and start at once', () => {
    const batches = [{ id: 0, call: 0, worker: 0, count: 1, sent: 1, returned: 1, ran: 0 }];
    const events = eventsOf(makeTrace([[0, 1, 1, { batch: 0 }]], { batches }));
    expect(only('s', events)).toHaveLength(1);
    expectRead(events);
  });

  it('has the unit of its times from the format: some versions of Perfetto take one that is named for another', () => {
    expect(Object.keys(chromeTrace(tutorialTrace()))).toEqual(['traceEvents', 'otherData']);
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
    const { otherData } = chromeTrace({ ...tutorialTrace(), omitted: 3 });
    expect(otherData).toMatchObject({ startedAt: '2026-11-28T00:00:00.000Z', omitted: 3 });
  });

  it('is valid where nothing is known', () => {
    expectValid(eventsOf(emptyTrace));
    expect(only('X', eventsOf(emptyTrace))).toEqual([]);
  });

  it('is valid for a pool’s life with all that can happen', () => {
    expectValid(eventsOf(docsPicture()));
    expectRead(eventsOf(docsPicture()));
  });

  it('is valid, complete, and has no overlap on any track, whatever the trace', () => {
    const property = fc.property(anyTrace, (trace) => {
      const events = eventsOf(trace);
      expectValid(events);
      expectRead(events);
      const all = only('X', events);
      const count = (kind: string): number => all.filter(({ cat }) => cat === kind).length;
      expect(count('element')).toBe(trace.elements.length);
      expect(count('call')).toBe(trace.calls.length);
      expect(count('batch')).toBe(trace.batches.length);
      expect(only('i', events)).toHaveLength(
        trace.reclaims.length + trace.workers.filter(({ end }) => end !== undefined).length,
      );
      const ids = only('s', events).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(
        only('f', events)
          .map(({ id }) => id)
          .sort((a, b) => a - b),
      ).toEqual(ids.sort((a, b) => a - b));

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
