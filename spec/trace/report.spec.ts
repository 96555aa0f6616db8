import * as fc from 'fast-check';
import { report } from '../../lib/trace/report.js';
import type { Report } from '../../lib/trace/report/Report.js';
import type { IdleSpan, TracedBatch, TracedCall, TracedWorker } from '../../lib/trace/Trace.js';
import { anyTrace, emptyTrace } from '../support/trace/arbitraryTrace.js';
import { callOf, makeTrace, type BriefElement } from '../support/trace/makeTrace.js';
import { traceOf, tutorialTrace } from '../support/trace/traceOf.js';

/** Elements of these durations, one right after the other, on one worker. */
function row(worker: number, durations: readonly number[], from = 0): BriefElement[] {
  let end = from;
  return durations.map((duration) => [worker, end, (end += duration)]);
}

const all = (...rows: readonly BriefElement[][]): BriefElement[] => rows.flat();

function idle(cause: IdleSpan['cause'], worker: number, start: number, end: number): IdleSpan {
  return { cause, worker, start, end };
}

describe('the report on a trace', () => {
  it("adds up the tutorial's jobs", () => {
    const { advice: _, toString: __, ...figures } = report(tutorialTrace());
    expect(figures).toEqual({
      ...{ names: ['std'], elements: 8, runs: 8, workers: 2, places: 2 },
      ...{ failedRuns: 0, cancelledRuns: 0, cancelled: 0, dropped: 0, stillRunning: 0 },
      ...{ serial: 50, wall: 26, speedUp: 50 / 26, efficiency: 25 / 26, bound: 31.5 },
      longest: { call: 0, name: 'std', index: 4, duration: 13 },
      ...{ running: 50, transfer: 0, transferShare: 0, abandoned: 0 },
      idle: {
        ...{ starting: 0, 'no work': 2, 'window full': 0, 'slow consumer': 0, limit: 0 },
        'retry delay': 0,
      },
      ...{ omitted: 0, bottleneck: 'nothing' },
    });
  });

  it('is a text as well', () => {
    expect(String(report(tutorialTrace())).split('\n')).toEqual([
      'std: 8 elements, 2 workers',
      '  one after the other        50 ms  the sum of all runs',
      '  in parallel                26 ms',
      '  speed-up                  1.92 x  96 % of 2 workers',
      '  bound                    31.5 ms  what it takes at most, if nothing but elements takes time',
      '  longest element            13 ms  std[4]',
      "  running elements           50 ms  96 % of the workers' time",
      '  idle: no work               2 ms  4 %',
      'Fine as it is: workers ran elements 96 % of their time.',
    ]);
  });

  it('tells in the text of failures, retries and records that were not kept', () => {
    const trace = makeTrace(
      [
        [0, 0, 4, { outcome: 'failed' }],
        [0, 4, 8, { index: 0, attempt: 2 }],
        [0, 8, 9],
      ],
      { omitted: 12 },
    );
    const text = String(report(trace));
    expect(text).toMatch(/^work: 2 elements, 3 runs, 1 failed, 1 worker\n/);
    expect(text).toContain('\n  The 12 oldest records were not kept, and are not in this.\n');
  });

  it('lets nothing through to the terminal that is in a name', () => {
    const calls = [callOf({ name: 'a\u001b[31mred\u009b' })];
    const told = report(makeTrace([[0, 0, 4]], { calls }));
    for (const text of [String(told), ...told.names]) {
      expect(text).not.toContain('\u001b');
      expect(text).not.toContain('\u009b');
    }
    expect(String(told)).toContain('a\uFFFD[31mred\uFFFD[0]');
  });

  it('has figures only as JSON', () => {
    expect(JSON.parse(JSON.stringify(report(tutorialTrace())))).not.toHaveProperty(
      'toString.value',
    );
    expect(Object.keys(report(tutorialTrace()))).not.toContain('toString');
  });

  it('says of nothing that nothing has run', () => {
    expect(report(emptyTrace)).toMatchObject({
      runs: 0,
      speedUp: 0,
      efficiency: 0,
      bound: 0,
      longest: undefined,
    });
    expect(String(report(emptyTrace))).toBe('Nothing has run yet.');
  });

  it('takes an element that took no time', () => {
    expect(report(makeTrace([[0, 0, 0]]))).toMatchObject({
      elements: 1,
      wall: 0,
      speedUp: 0,
      bound: 0,
    });
  });

  describe('the time', () => {
    it('is that when calls were under way, without what is between', () => {
      const calls = [
        callOf({ start: 10, end: 20 }),
        callOf({ id: 1, start: 15, end: 25 }),
        callOf({ id: 2, start: 1000, end: 1005 }),
      ];
      const trace = makeTrace([[0, 10, 20]], {
        calls,
        duration: 9000,
        idle: [idle('no work', 0, 20, 9000)],
      });
      expect(report(trace)).toMatchObject({ wall: 20, idle: { 'no work': 10 } });
    });

    it('goes on to the end of the trace for a call that is under way', () => {
      expect(
        report(makeTrace([[0, 10, 20]], { calls: [callOf({ start: 10 })], duration: 60 })).wall,
      ).toBe(50);
    });

    it('begins with what was kept', () => {
      expect(report(makeTrace([[0, 90, 100]], { omitted: 5 })).wall).toBe(10);
    });
  });

  describe('what has not ended', () => {
    const batch = (id: number, worker: number, sent: number, returned?: number): TracedBatch => {
      return { id, call: 0, worker, count: 2, sent, returned, ran: 0 };
    };
    const calls = [callOf()];

    it('counts as running, from the last that is known to have ended in its batch', () => {
      const trace = makeTrace([[0, 0, 10, { batch: 0 }]], {
        ...{ calls, duration: 100 },
        batches: [batch(0, 0, 0), batch(1, 1, 40)],
      });
      expect(report(trace)).toMatchObject({
        ...{ elements: 1, runs: 1, stillRunning: 2, workers: 2, wall: 100 },
        ...{ serial: 10 + 90 + 60, running: 160, transfer: 0 },
        longest: { duration: 10 },
      });
      expect(String(report(trace))).toMatch(/^work: 1 element, 2 still running, 2 workers\n/);
    });

    it('has no time while it waits in its worker behind another batch', () => {
      const trace = makeTrace([[0, 0, 10, { batch: 0 }]], {
        ...{ calls, duration: 100 },
        batches: [batch(0, 0, 0, 30), batch(1, 0, 5), batch(2, 0, 6)],
      });
      expect(report(trace)).toMatchObject({ stillRunning: 1, serial: 10 + 70, transfer: 20 });
    });

    it('is each of those that run beside each other', () => {
      const trace = makeTrace([], {
        ...{ calls: [callOf({ perWorker: 4 })], duration: 100 },
        batches: [batch(0, 0, 0), batch(1, 0, 20)],
      });
      expect(report(trace)).toMatchObject({
        stillRunning: 2,
        serial: 180,
        running: 100,
        places: 2,
      });
    });

    it('is told of where nothing has ended yet', () => {
      const trace = makeTrace([], { calls, duration: 100, batches: [batch(0, 0, 0)] });
      expect(String(report(trace))).toBe('Nothing has ended yet: 1 still running.');
    });

    it('counts until the end of its call, and no longer, when that was cancelled', () => {
      const cancelled = { outcome: 'cancelled' } as const;
      const trace = makeTrace(
        [
          [0, 0, 90, { ...cancelled, batch: 0 }],
          [1, 70, 80, cancelled],
        ],
        {
          ...{ calls: [callOf({ end: 60, cancelled: 5, dropped: 7 })], duration: 90 },
          batches: [batch(0, 0, 0, 90), batch(1, 1, 65, 80), batch(2, 2, 20)],
        },
      );
      expect(report(trace)).toMatchObject({
        ...{ runs: 2, failedRuns: 0, cancelledRuns: 2, stillRunning: 1 },
        ...{ serial: 60 + 0 + 40, wall: 60, running: 60 + 40 },
        longest: { index: 0, duration: 60 },
      });
      expect(String(report(trace))).toMatch(
        /^work: 2 elements, 7 dropped, 5 cancelled, 1 still running, 2 workers/,
      );
    });

    it('is time that the next call does not get, for what was cancelled and went on', () => {
      const trace = makeTrace([[0, 0, 160, { outcome: 'cancelled', batch: 0 }]], {
        calls: [callOf({ end: 60 }), callOf({ id: 1, start: 60, end: 200 })],
        batches: [batch(0, 0, 0, 160)],
        idle: [idle('no work', 0, 160, 200)],
        duration: 200,
      });
      expect(report(trace)).toMatchObject({
        ...{ running: 60, abandoned: 100, transfer: 0, serial: 60, bottleneck: 'abandoned' },
        idle: { 'no work': 40 },
      });
      expect(report(trace).advice).toMatch(
        /Workers were busy for 100 ms with elements of calls that had ended.*`context\.signal`/,
      );
    });
  });

  describe('the workers', () => {
    it('are as many as ran elements at the same time, at most', () => {
      const trace = makeTrace(all(row(0, [5]), row(1, [5], 5), row(2, [5], 5)));
      expect(report(trace).workers).toBe(2);
    });

    it('are no more than the calls could use together, though one took over before another had ended', () => {
      const trace = makeTrace(all(row(0, [5]), row(1, [5], 4)), {
        calls: [callOf({ concurrency: 1 })],
      });
      expect(report(trace).workers).toBe(1);
      const calls = [0, 1].map((id) => callOf({ id, concurrency: 1 }));
      expect(report({ ...trace, calls }).workers).toBe(2);
    });

    it('have places where they run several elements at once', () => {
      const calls = [callOf({ perWorker: 4, end: 10 })];
      const trace = makeTrace(
        [
          [0, 0, 10],
          [0, 0, 10],
          [0, 0, 10],
          [1, 0, 10],
        ],
        { calls },
      );
      expect(report(trace)).toMatchObject({
        workers: 2,
        places: 6,
        speedUp: 4,
        efficiency: 4 / 6,
        running: 20,
      });
    });
  });

  describe('transfer', () => {
    const batch = { id: 0, call: 0, worker: 0, count: 1, ran: 0 };

    it('is the time in which a worker had a batch and ran nothing', () => {
      const batches = [{ ...batch, sent: 0, returned: 10 }];
      expect(
        report(
          makeTrace(
            [
              [0, 2, 5],
              [0, 6, 8],
            ],
            { batches, duration: 10 },
          ),
        ).transfer,
      ).toBe(5);
    });

    it('is not the time in which a batch waited behind another one', () => {
      const batches = [
        { ...batch, sent: 0, returned: 10 },
        { ...batch, id: 1, sent: 1, returned: 20 },
      ];
      const trace = makeTrace(
        [
          [0, 0, 10],
          [0, 11, 20],
        ],
        { batches },
      );
      expect(report(trace)).toMatchObject({ transfer: 1, transferShare: 1 / 20 });
    });

    it('is not the time in which an element runs that has not ended', () => {
      const batches = [{ ...batch, sent: 0 }];
      const trace = makeTrace([[0, 1, 5, { batch: 0 }]], { batches, duration: 1000 });
      expect(report(trace).transfer).toBe(1);
    });
  });

  describe('idle time', () => {
    it('is told by cause, and each moment of a worker counts once', () => {
      const spans = [
        idle('starting', 0, 0, 10),
        idle('no work', 0, 20, 40),
        idle('limit', 0, 30, 50),
        idle('no work', 1, 20, 40),
      ];
      const workers = [
        { id: 0, start: 0, ready: 10 },
        { id: 1, start: 0, ready: 0 },
      ];
      const trace = makeTrace(all(row(0, [10], 10), row(1, [20])), {
        workers,
        idle: spans,
        duration: 50,
      });
      expect(report(trace).idle).toMatchObject({ starting: 10, limit: 20, 'no work': 30 });
    });
  });

  describe('the advice', () => {
    const told = (...args: Parameters<typeof makeTrace>): Report => report(makeTrace(...args));

    it('is that workers take long to start', () => {
      const workers = [0, 1].map((id) => ({ id, start: 0, ready: 45 }));
      const { bottleneck, advice } = told(all(row(0, [4, 5], 45), row(1, [4, 5], 45)), { workers });
      expect(bottleneck).toBe('starting');
      expect(advice).toMatch(
        /^Not worth it: 18 ms of work took 54 ms\. Workers took 90 ms to start\./,
      );
    });

    const batches = [0, 1].map((worker) => ({
      ...{ id: worker, call: 0, worker, count: 100, sent: 0, returned: 40, ran: 0 },
    }));

    it('is that elements are small', () => {
      const small = new Array<number>(100).fill(0.02);
      const { bottleneck, advice } = told(all(row(0, small, 10), row(1, small, 10)), {
        batches,
        duration: 40,
      });
      expect(bottleneck).toBe('transfer');
      expect(advice).toContain('Elements are small, 20 µs each, and workers waited 76 ms');
    });

    it.each([
      ['take long', [20], [25], '35 ms, 17.5 ms'],
      ['take no time', [0.01], [0.01], '80 ms, 40 ms'],
    ])('is that elements are large, or the main thread busy: they %s', (_, one, other, times) => {
      const { bottleneck, advice } = told(all(row(0, one, 10), row(1, other, 10)), {
        batches,
        duration: 40,
      });
      expect(bottleneck).toBe('transfer');
      expect(advice).toContain(`workers waited ${times} for each. If they are large, send less`);
      expect(advice).toContain('If the main thread was busy otherwise');
    });

    it('is that one element is long', () => {
      const { bottleneck, advice } = told(all(row(0, [5, 5, 90]), row(1, [10])), {
        idle: [idle('no work', 1, 10, 100)],
      });
      expect(bottleneck).toBe('long element');
      expect(advice).toMatch(
        /^work\[2\] alone took 90 ms of 100 ms, and other workers had nothing left to do\. .*`cost`/,
      );
    });

    it('is that elements are too few to keep all workers busy to the end', () => {
      const trace = traceOf({
        size: 4,
        lanes: [{ limit: 4, arrivals: [{ after: 0, durations: [9, 9, 9, 9, 9] }] }],
      });
      expect(report(trace)).toMatchObject({
        bottleneck: 'few elements',
        advice: '5 elements are too few for 4 workers. Cut them smaller, or use fewer workers.',
      });
    });

    it('is that elements are too few to have a worker each, though none idled', () => {
      const { bottleneck, advice } = told(all(row(0, [9]), row(1, [9])), {
        calls: [callOf({ concurrency: 8, end: 9 })],
      });
      expect(bottleneck).toBe('few elements');
      expect(advice).toContain('2 elements are too few for 8 workers.');
    });

    it('is that a single element is too few', () => {
      const { bottleneck, advice } = told(row(0, [9]), {
        calls: [callOf({ concurrency: 8, end: 9 })],
      });
      expect(bottleneck).toBe('few elements');
      expect(advice).toMatch(/^1 element is too few for 8 workers\./);
    });

    describe('where workers run several elements at once', () => {
      const beside = (worker: number, durations: readonly number[]): BriefElement[] =>
        durations.map((duration) => [worker, 0, duration]);
      const smalls = new Array<number>(9).fill(10);
      const call = (concurrency: number, end: number): TracedCall =>
        callOf({ concurrency, perWorker: 10, end });

      it('is that equal elements are too few for the places, and not that one of them is long', () => {
        const trace = makeTrace(all(beside(0, [9, 9]), beside(1, [9])), { calls: [call(2, 9)] });
        expect(report(trace)).toMatchObject({
          ...{ workers: 2, places: 4, bottleneck: 'few elements' },
          advice:
            '3 elements are too few for 20 places. Cut them smaller, or use fewer workers or a smaller `perWorker`.',
        });
      });

      it.each([
        ['one worker', all(beside(0, [100, ...smalls])), 1],
        ['two that are both busy', all(...[0, 1].map((id) => beside(id, [100, ...smalls]))), 2],
      ] as const)(
        'is that one element is long, without a word of other workers: %s',
        (_, elements, concurrency) => {
          const { bottleneck, advice } = told(elements, { calls: [call(concurrency, 100)] });
          expect(bottleneck).toBe('long element');
          expect(advice).toMatch(
            /^work\[0\] alone took 100 ms of 100 ms, and there was too little to run beside it\./,
          );
        },
      );
    });

    it('is that the source is slow, where a single worker had nothing to do in the end', () => {
      const { bottleneck, advice } = told(row(0, [10, 10]), {
        calls: [callOf({ concurrency: 1, end: 100 })],
        idle: [idle('no work', 0, 20, 100)],
      });
      expect(bottleneck).toBe('slow source');
      expect(advice).toMatch(/Workers had nothing to do for 80 ms/);
    });

    it('is that the source is slow', () => {
      const seldom = [0, 30, 60, 90].flatMap((at) => all(row(0, [10], at), row(1, [10], at)));
      const gaps = [0, 30, 60].flatMap((at) =>
        [0, 1].map((worker) => idle('no work', worker, at + 10, at + 30)),
      );
      const { bottleneck, advice } = told(seldom, { idle: gaps });
      expect(bottleneck).toBe('slow source');
      expect(advice).toMatch(/^Not worth it: .*Workers had nothing to do for 120 ms/);
    });

    it.each([
      ['window full', '`reorderWindow`'],
      ['slow consumer', 'results to be taken'],
      ['limit', '`concurrency`'],
      ['retry delay', '`delay` of `retry`'],
    ] as const)('is what to do about idle time of the cause: %s', (cause, words) => {
      const rows = all(row(0, [10, 10]), row(1, [10], 50), row(0, [10], 50));
      const { bottleneck, advice } = told(rows, {
        idle: [idle(cause, 0, 20, 50), idle(cause, 1, 0, 50)],
      });
      expect(bottleneck).toBe(cause);
      expect(advice).toContain(words);
    });

    it('is to raise the limit, where the one worker that it leaves was busy', () => {
      const { bottleneck, advice } = told(row(0, [10, 10, 10]), {
        calls: [callOf({ concurrency: 1, end: 30 })],
        idle: [idle('limit', 1, 0, 30)],
      });
      expect(bottleneck).toBe('limit');
      expect(advice).toMatch(/^Workers stood by for 30 ms, .*Raise `concurrency`/);
    });

    describe('where workers were replaced, and took long to start', () => {
      const worker = (id: number, ending?: TracedWorker['ending']): TracedWorker => {
        const end = ending && 20 * id + 20;
        return { id, start: 20 * id, ready: 20 * id + 15, end, ending };
      };
      const rows = [0, 1, 2].map((id) => row(id, [5], 20 * id + 15));

      it.each([
        ['is what elements ended them', 'crashed', 'elements had ended 2 workers'],
        ['is the option that has them replaced', 'closed', 'Raise `maxElementsPerWorker`'],
      ] as const)('%s', (_, ending, words) => {
        const workers = [worker(0, ending), worker(1, ending), worker(2)];
        const { bottleneck, advice } = told(all(...rows), { workers });
        expect(bottleneck).toBe('starting');
        expect(advice).toContain('Workers took 45 ms to start: 2 were replaced');
        expect(advice).toContain(words);
      });
    });

    describe('where nothing ran', () => {
      it('tells whether that may still come', () => {
        expect(told([], { calls: [callOf()] }).advice).toBe('Nothing has run yet.');
        expect(told([], { calls: [callOf({ end: 9 })] }).advice).toBe(
          'Nothing ran before the calls had ended.',
        );
      });

      it('tells of workers that could not be started', () => {
        const workers = [{ id: 0, start: 0, end: 5, ending: 'failed to start' }] as const;
        expect(told([], { calls: [callOf({ end: 9 })], workers }).advice).toBe(
          'Nothing ran: no worker could be started.',
        );
      });
    });

    it('is to look at the picture where no cause stands out', () => {
      const { bottleneck, advice } = told(all(row(0, [10]), row(1, [10], 5)), { duration: 100 });
      expect(bottleneck).toBe('unknown');
      expect(advice).toContain('No cause stands out.');
    });

    it('is to leave it as it is', () => {
      expect(told(all(row(0, [10, 10]), row(1, [19])))).toMatchObject({ bottleneck: 'nothing' });
    });
  });

  it('agrees with the trace, and has no figure that is none, whatever the trace', () => {
    const property = fc.property(anyTrace, (trace) => {
      const told = report(trace);
      expect(JSON.stringify(told)).not.toContain('null');
      expect(String(told)).not.toMatch(/NaN|Infinity|undefined/);

      const ends = new Map(
        trace.calls.map(({ id, start, end = trace.duration }) => [id, Math.max(start, end)]),
      );
      const durations = trace.elements.map(({ call, start, end, outcome }) => {
        if (outcome !== 'cancelled') return end - start;
        return Math.max(0, Math.min(end, ends.get(call) ?? end) - start);
      });
      const ended = durations.reduce((total, duration) => total + duration, 0);
      expect(told.serial).toBeGreaterThanOrEqual(ended - 1e-3);
      if (told.stillRunning === 0) expect(told.serial).toBeCloseTo(ended, 3);
      const sum = told.serial;
      expect(told.runs).toBe(trace.elements.length);
      expect(told.longest?.duration ?? 0).toBe(Math.max(0, ...durations));
      expect(told.bound).toBeLessThanOrEqual(sum + 1e-6);
      expect(told.bound).toBeGreaterThanOrEqual((told.longest?.duration ?? 0) - 1e-6);
      expect(told.running).toBeLessThanOrEqual(sum + 1e-6);
      for (const share of [told.efficiency, told.transferShare]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      const ids = [...trace.workers.map(({ id }) => id), ...trace.elements.map((e) => e.worker)];
      const others = [...trace.batches, ...trace.idle].map(({ worker }) => worker);
      const workers = new Set([...ids, ...others]).size;
      const spent = told.running + told.transfer + Object.values(told.idle).reduce((a, b) => a + b);
      expect(spent).toBeLessThanOrEqual(workers * told.wall + 1e-3);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('keeps the bound in worlds where nothing but elements takes time', () => {
    const durations = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 });
    const property = fc.property(durations, fc.integer({ min: 1, max: 6 }), (all, size) => {
      const trace = traceOf({
        size,
        lanes: [{ limit: size, batchSize: 1, arrivals: [{ after: 0, durations: all }] }],
      });
      const { wall, bound, serial } = report(trace);
      expect(wall).toBeLessThanOrEqual(bound + 1e-9);
      expect(serial).toBe(all.reduce((a, b) => a + b));
    });
    fc.assert(property);
  });
});
