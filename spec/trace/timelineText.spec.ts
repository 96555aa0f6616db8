import * as fc from 'fast-check';
import { timelineText, type Span } from '../../lib/trace/timelineText.js';
import { anyTrace, emptyTrace } from '../support/trace/arbitraryTrace.js';
import { callOf, makeTrace } from '../support/trace/makeTrace.js';
import { tutorialTrace } from '../support/trace/traceOf.js';

/** A worker's spans, of these durations and one right after the other. */
function row(worker: number, durations: readonly number[], { start = 0, index = 0 } = {}): Span[] {
  let end = start;
  return durations.map((duration, place) => {
    const begin = end;
    end += duration;
    return { worker, index: index + place, start: begin, end };
  });
}

/** Elements one by one to whichever of the workers is free first. */
function schedule(durations: readonly number[], workers: number): Span[] {
  const free = new Array<number>(workers).fill(0);
  return durations.map((duration, index) => {
    const start = Math.min(...free);
    const worker = free.indexOf(start);
    free[worker] = start + duration;
    return { worker, index, start, end: start + duration };
  });
}

const tutorial = schedule([3, 5, 3, 7, 13, 7, 5, 7], 2);

function lines(text: string): string[] {
  return text.split('\n');
}

describe('the text of a timeline', () => {
  it('is empty without spans', () => {
    expect(timelineText([])).toBe('');
    expect(timelineText([], { jobs: true, width: 80 })).toBe('');
  });

  describe('with a column for a unit of time', () => {
    it("is the tutorial's picture", () => {
      expect(lines(timelineText(tutorial, { jobs: true }))).toEqual([
        'jobs: |.1.|..2..|.3.|...4...|......5......|...6...|..7..|...8...|',
        'thread 1: |.1.|.3.|......5......|..7..|',
        'thread 2: |..2..|...4...|...6...|...8...|',
      ]);
    });

    it('has the line of all elements only when asked', () => {
      expect(lines(timelineText(tutorial))).toHaveLength(2);
    });

    it('takes spans from any iterable, in any order, and from any start', () => {
      const moved = tutorial.map((span) => ({
        ...span,
        start: span.start + 1000,
        end: span.end + 1000,
      }));
      const text = timelineText(new Set(moved.reverse()), { jobs: true });
      expect(text).toBe(timelineText(tutorial, { jobs: true }));
    });

    it('numbers the threads in the order of their ids, which may have gaps', () => {
      expect(lines(timelineText([...row(7, [4], { index: 1 }), ...row(2, [3])]))).toEqual([
        'thread 1: |.1.|',
        'thread 2: |.2..|',
      ]);
    });

    it('starts all bars in one column when there are ten threads or more', () => {
      const text = timelineText(schedule(new Array<number>(10).fill(3), 10));
      expect(lines(text).slice(8)).toEqual(['thread  9: |.9.|', 'thread 10: |10.|']);
    });

    it('widens a cell to show its number, with a dot on each side', () => {
      expect(timelineText(row(0, [1, 0, 2, 0.2]))).toBe('thread 1: |1|.2.|3.|.4.|');
      expect(timelineText(row(0, [1, 2], { index: 98 }))).toBe('thread 1: |.99.|.100.|');
    });

    it('shows idle time as spaces, also before the first element', () => {
      const spans = [
        ...row(0, [3]),
        ...row(0, [3], { index: 2, start: 7 }),
        ...row(1, [3], { index: 1, start: 4 }),
      ];
      expect(lines(timelineText(spans))).toEqual([
        'thread 1: |.1.|    |.3.|',
        'thread 2:      |.2.|',
      ]);
    });

    it('rounds measured times, and shows no idle time below half a unit', () => {
      const spans = [
        { worker: 0, index: 0, start: 0.1, end: 3.2 },
        { worker: 0, index: 1, start: 3.6, end: 8.4 },
      ];
      expect(timelineText(spans)).toBe('thread 1: |.1.|..2..|');
    });

    it('fits a terminal instead if a line were longer than a thousand columns', () => {
      expect(timelineText(row(0, [900]))).toHaveLength(10 + 902);
      const spans = row(0, [9e8, 9e8]);
      expect(timelineText(spans)).toBe(timelineText(spans, { width: 80 }));
    });
  });

  describe('with a width', () => {
    it('has one scale for all lines, by which the longest fits', () => {
      expect(lines(timelineText(tutorial, { jobs: true, width: 80 }))).toEqual([
        'jobs: |.1.|...2...|.3.|....4....|........5.........|....6....|...7...|....8....|',
        'thread 1: |.1.|.3..|........5.........|..7...|',
        'thread 2: |..2...|....4.....|....6....|....8....|',
      ]);
      expect(lines(timelineText(tutorial, { width: 50 }))).toEqual([
        'thread 1: |.1..|.3.|.........5.........|..7...|',
        'thread 2: |...2...|....4....|....6.....|....8....|',
      ]);
    });

    it('draws elements that are too narrow for their number together, and says how many', () => {
      const durations = [100, ...new Array<number>(214).fill(0.15), 100];
      expect(timelineText(row(0, durations), { width: 60 })).toBe(
        'thread 1: |.........1..........|.×214.|........216.........|',
      );
    });

    it('keeps a thousand elements on a few threads readable', () => {
      const durations = Array.from({ length: 1000 }, (_, index) => 1 + ((index * 7919) % 101));
      expect(lines(timelineText(schedule(durations, 3), { width: 80 }))).toEqual([
        'thread 1: |.×30.|.×29.|.×30.|.×25.|.×29.|.×29.|.×31.|.×29.|.×27.|.×28.|..×48...|',
        'thread 2: |.×28.|.×30.|.×30.|.×30.|.×26.|.×32.|.×27.|.×27.|.×30.|.×30.|..×45...|',
        'thread 3: |.×26.|.×26.|.×27.|.×32.|.×33.|.×25.|.×29.|.×32.|.×27.|.×31.|..×42...|',
      ]);
    });

    it('takes a hundred thousand elements', () => {
      const durations = Array.from({ length: 100_000 }, (_, index) => index % 7);
      const text = timelineText(schedule(durations, 4), { width: 80, jobs: true });
      expect(lines(text).map((line) => line.length)).toEqual([80, 29, 29, 29, 29]);
    });

    it('lets what is narrow at the end join those before it', () => {
      expect(timelineText(row(0, [90, 1, 1]), { width: 30 })).toBe(
        'thread 1: |........×3........|',
      );
    });

    it('shows idle time where there is room for a space between the bars', () => {
      const spans = [
        ...row(0, [20]),
        ...row(0, [20], { index: 1, start: 30 }),
        ...row(0, [20], { index: 2, start: 51 }),
        ...row(1, [20], { index: 3, start: 51 }),
      ];
      expect(lines(timelineText(spans, { width: 48 }))).toEqual([
        'thread 1: |....1....|     |....2....|....3.....|',
        'thread 2:                            |....4....|',
      ]);
    });

    it('shows a narrow element between idle times alone, without its number', () => {
      const spans = [0, 500, 1000].flatMap((start, index) => row(0, [1], { start, index }));
      expect(timelineText(spans, { width: 30 })).toBe('thread 1: |        ||        |');
    });

    it('draws a single element over the whole width', () => {
      expect(timelineText(row(3, [0.001]), { width: 20 })).toBe('thread 1: |...1....|');
    });

    it('leaves no trace of what takes next to no time, but its bar', () => {
      expect(timelineText(row(0, [0, 5e-324]), { width: 40 })).toBe('thread 1: |');
    });

    it('shows a mark where nothing took any time', () => {
      expect(timelineText(row(0, [0, 0]), { width: 40, jobs: true })).toBe('jobs: |\nthread 1: |');
    });
  });

  describe('for any spans', () => {
    const micros = fc.nat(1e9).map((count) => count / 1000);
    const spans = fc
      .array(
        fc.record({
          worker: fc.nat(12),
          index: fc.nat(5000),
          start: micros,
          duration: fc.oneof(fc.constant(0), micros),
        }),
        { minLength: 1, maxLength: 200 },
      )
      .map((all) => all.map(({ duration, ...span }) => ({ ...span, end: span.start + duration })));

    it('has further lines for a worker whose spans overlap, and none for those that touch', () => {
      const spans = [
        { worker: 0, index: 0, start: 0, end: 8 },
        { worker: 0, index: 1, start: 4, end: 9 },
        { worker: 1, index: 2, start: 0, end: 4 },
        { worker: 1, index: 3, start: 4, end: 9 },
      ];
      expect(lines(timelineText(spans))).toEqual([
        'thread 1.1: |...1....|',
        'thread 1.2:      |..2..|',
        'thread 2.1: |.3..|..4..|',
      ]);
    });

    it('has a line for each worker at least, and none is longer than the width', () => {
      const property = fc.property(
        spans,
        fc.integer({ min: 20, max: 200 }),
        fc.boolean(),
        (all, width, jobs) => {
          const text = lines(timelineText(all, { width, jobs }));
          const workers = new Set(all.map(({ worker }) => worker)).size;
          expect(text.length).toBeGreaterThanOrEqual(workers + (jobs ? 1 : 0));
          expect(Math.max(...text.map((line) => line.length))).toBeLessThanOrEqual(width);
        },
      );
      fc.assert(property, { numRuns: 300 });
    });

    it('counts every element once where they leave no time idle', () => {
      const durations = fc.array(fc.integer({ min: 1, max: 1000 }), {
        minLength: 1,
        maxLength: 500,
      });
      const property = fc.property(durations, fc.integer({ min: 20, max: 200 }), (all, width) => {
        const cells = timelineText(row(0, all), { width }).split('|').slice(1, -1);
        const counts = cells.map((cell) => Number(/×(\d+)/.exec(cell)?.[1] ?? 1));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all.length);
      });
      fc.assert(property, { numRuns: 300 });
    });
  });

  describe('of a trace', () => {
    it("is the tutorial's picture", () => {
      expect(timelineText(tutorialTrace(), { jobs: true })).toBe(
        timelineText(tutorial, { jobs: true }),
      );
    });

    it('is empty where nothing is known of calls and workers', () => {
      expect(timelineText(emptyTrace, { jobs: true, width: 20 })).toBe('');
    });

    it('begins with the first call, and so shows how long workers took to start', () => {
      const calls = [callOf({ start: 100 })];
      expect(timelineText(makeTrace([[0, 104, 107]], { calls }))).toBe('thread 1:      |.1.|');
    });

    it('begins with what was kept, where the oldest records were not', () => {
      expect(timelineText(makeTrace([[0, 104, 107]], { omitted: 3 }))).toBe('thread 1: |.1.|');
    });

    it('has a line for a worker that ran nothing', () => {
      const workers = [
        { id: 0, start: 0 },
        { id: 1, start: 0 },
      ];
      expect(lines(timelineText(makeTrace([[0, 0, 3]], { workers })))).toEqual([
        'thread 1: |.1.|',
        'thread 2:',
      ]);
    });

    it('has a line for each place of workers that run several elements at once', () => {
      const calls = [callOf({ perWorker: 3 })];
      const trace = makeTrace(
        [
          [0, 0, 5],
          [0, 0, 3],
          [0, 3, 8],
          [1, 2, 5],
        ],
        { calls },
      );
      expect(lines(timelineText(trace))).toEqual([
        'thread 1.1: |..1..|',
        'thread 1.2: |.2.|..3..|',
        'thread 2.1:    |.4.|',
      ]);
    });

    it('takes an overlap for an error of measurement where elements run one at a time', () => {
      expect(
        timelineText(
          makeTrace([
            [0, 0, 3.1],
            [0, 3, 6],
          ]),
        ),
      ).toBe('thread 1: |.1.|.2.|');
    });

    it.each(['failed', 'timed out', 'crashed'] as const)(
      'marks what %s, and its next try',
      (outcome) => {
        const trace = makeTrace([
          [0, 0, 4, { outcome }],
          [0, 4, 8, { index: 0, attempt: 2 }],
        ]);
        expect(timelineText(trace)).toBe('thread 1: |.1!.|.1..|');
      },
    );

    it('marks a group in which something failed', () => {
      const trace = makeTrace(
        Array.from({ length: 100 }, (_, i) => [0, i, i + 1, i === 7 ? { outcome: 'failed' } : {}]),
      );
      expect(timelineText(trace, { width: 40 })).toBe('thread 1: |.×23!.|.×21.|.×20.|.×21.|×15|');
    });

    it('gives each call a letter where several have elements, and says which', () => {
      const calls = [
        callOf({ name: 'std' }),
        callOf({ id: 1, name: '' }),
        callOf({ id: 2, name: 'idle' }),
      ];
      const trace = makeTrace(
        [
          [0, 0, 4],
          [1, 0, 4, { call: 1, index: 0 }],
          [0, 4, 8],
        ],
        { calls },
      );
      expect(lines(timelineText(trace, { jobs: true }))).toEqual([
        'calls: a std, b function',
        'jobs: |.a1.|.a3.|.b1.|',
        'thread 1: |.a1.|.a3.|',
        'thread 2: |.b1.|',
      ]);
    });

    it('lets nothing through to the terminal that is in a name', () => {
      const calls = [callOf({ name: 'a\u001b[31m' }), callOf({ id: 1, name: '\u009b31m' })];
      const trace = makeTrace(
        [
          [0, 0, 4],
          [0, 4, 8, { call: 1 }],
        ],
        { calls },
      );
      expect(lines(timelineText(trace))[0]).toBe('calls: a a\uFFFD[31m, b \uFFFD31m');
    });

    it('has a line for each of 64 workers, and of more one for those that took over from each other', () => {
      const relay = (count: number): string[] => {
        const workers = Array.from({ length: count }, (_, id) => {
          return { id, start: id * 5, ready: id * 5 + 1, end: id * 5 + 5 };
        });
        const elements = workers.map(({ id, ready, end }) => [id, ready, end] as const);
        return lines(timelineText(makeTrace(elements, { workers })));
      };
      expect(relay(64)).toHaveLength(64);
      const [line, ...others] = relay(65);
      expect(line).toMatch(/^thread 1: {3}\|\.1\.\.\| \|\.2\.\.\|.* \|\.65\.\|$/);
      expect(others).toEqual([]);
    });

    it('goes on with two letters after 26 calls', () => {
      const calls = Array.from({ length: 28 }, (_, id) => callOf({ id, name: `f${id}` }));
      const trace = makeTrace(
        calls.map(({ id }) => [0, id * 5, id * 5 + 5, { call: id, index: 0 }]),
        { calls },
      );
      expect(timelineText(trace)).toContain('|.z1..|.aa1.|.ab1.|');
    });

    it('is no longer than the width, and has all workers, whatever the trace', () => {
      const property = fc.property(
        anyTrace,
        fc.integer({ min: 20, max: 200 }),
        fc.boolean(),
        (trace, width, jobs) => {
          const text = lines(timelineText(trace, { width, jobs }));
          expect(Math.max(...text.map((line) => Array.from(line).length))).toBeLessThanOrEqual(
            width,
          );
          const ids = [
            ...trace.workers.map(({ id }) => id),
            ...trace.elements.map((e) => e.worker),
          ];
          const threads = text.filter((line) => line.startsWith('thread '));
          const places = Math.max(1, ...trace.calls.map(({ perWorker }) => perWorker));
          const workers = new Set(ids).size;
          expect(threads.length).toBeGreaterThanOrEqual(workers);
          expect(threads.length).toBeLessThanOrEqual(workers * places);
        },
      );
      fc.assert(property, { numRuns: 300 });
    });

    it('never fails without a width either', () => {
      fc.assert(fc.property(anyTrace, (trace) => typeof timelineText(trace) === 'string'));
    });
  });

  it.each([0, 19, 10_001, 1e9, -80, 40.5, NaN, Infinity])('refuses a width of %p', (width) => {
    expect(() => timelineText([], { width })).toThrow(
      new RangeError(
        `timelineText: width must be an integer from 20 to 10000, or left out, but got ${width}`,
      ),
    );
  });

  it('is as wide as it may be', () => {
    expect(timelineText(row(0, [1]), { width: 10_000 })).toHaveLength(10_000);
  });

  it.each<[unknown, string]>([
    [
      { width: '80' },
      'timelineText: width must be an integer from 20 to 10000, or left out, but got "80"',
    ],
    [{ jobs: 1 }, 'timelineText: jobs must be true or false, but got 1'],
    [null, 'timelineText expects an options object, but got null'],
    [80, 'timelineText expects an options object, but got 80'],
    [
      { widht: 3 },
      'timelineText has no option "widht". Did you mean "width"? It knows: width, jobs',
    ],
  ])('refuses the options %p', (options, message) => {
    expect(() => timelineText([], options as never)).toThrow(new TypeError(message));
  });

  const finite = 'a finite number of at least 0';
  const natural = 'an integer of at least 0';
  it.each<[unknown, string]>([
    [{ start: NaN }, `.start must be ${finite}, but got NaN`],
    [{ end: NaN }, `.end must be ${finite}, but got NaN`],
    [{ end: null }, `.end must be ${finite}, but got null`],
    [{ start: -1 }, `.start must be ${finite}, but got -1`],
    [{ end: Infinity }, `.end must be ${finite}, but got Infinity`],
    [{ start: 2 }, '.end must be no earlier than its start, 2, but got 1'],
    [{ worker: -1 }, `.worker must be ${natural}, but got -1`],
    [{ worker: '0' }, `.worker must be ${natural}, but got "0"`],
    [{ index: '\u001b[31m' }, `.index must be ${natural}, but got "\\u001b[31m"`],
    [null, ' must be an object, but got null'],
  ])('refuses a span with %p, and names it', (wrong, message) => {
    const span = wrong && { worker: 4, index: 9, start: 0, end: 1, ...wrong };
    expect(() => timelineText([...row(0, [1]), span as never])).toThrow(
      `timelineText: spans[1]${message}`,
    );
  });
});
