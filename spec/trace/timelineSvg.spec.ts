import * as fc from 'fast-check';
import { formatMillis } from '../../lib/trace/formats.js';
import { timelineSvg } from '../../lib/trace/timelineSvg.js';
import type { IdleSpan } from '../../lib/trace/Trace.js';
import { all, parseSvg, textsOf } from '../support/parseSvg.js';
import { anyTrace, emptyTrace } from '../support/trace/arbitraryTrace.js';
import { docsPicture } from '../support/trace/docsPicture.js';
import { callOf, makeTrace, type BriefElement } from '../support/trace/makeTrace.js';
import { tutorialTrace } from '../support/trace/traceOf.js';

/** What is written and told in a picture. */
function read(...args: Parameters<typeof timelineSvg>): {
  texts: string[];
  tips: string[];
  marks: string[];
} {
  const svg = parseSvg(timelineSvg(...args));
  const marks = all(svg, 'use').map((use) => use.getAttribute('href') ?? '');
  return { texts: textsOf(svg, 'text'), tips: textsOf(svg, 'title').slice(1), marks };
}

describe('the picture of a trace', () => {
  it('has a heading, a row for each worker, a number for each element, an axis and a legend', () => {
    expect(read(tutorialTrace()).texts).toEqual([
      'std: 8 elements on 2 workers',
      '50 ms of work in 26 ms: 1.92 times as fast, 96 % of 2 workers',
      ...['0', '5 ms', '10 ms', '15 ms', '20 ms', '25 ms', 'thread 1', 'thread 2'],
      ...['1', '3', '5', '7', '2', '4', '6', '8'],
      ...['std', 'idle: no work'],
    ]);
  });

  it('tells of each element when pointing at it', () => {
    const trace = makeTrace([
      [0, 0, 4, { outcome: 'failed' }],
      [1, 5, 9, { index: 0, attempt: 2 }],
    ]);
    expect(read(trace).tips).toEqual([
      'worker 0',
      'work[0] on worker 0: failed\n4 ms, from 0 µs',
      'worker 1',
      'work[0] on worker 1: done, try 2\n4 ms, from 5 ms',
    ]);
  });

  it('has a name and a description for those who cannot see it', () => {
    const svg = parseSvg(timelineSvg(tutorialTrace()));
    const root = svg.documentElement!;
    expect(root.getAttribute('role')).toBe('img');
    expect(root.firstChild?.nextSibling?.textContent).toBe('std: 8 elements on 2 workers');
    expect(textsOf(svg, 'desc')[0]).toMatch(/^std: 8 elements, 2 workers\n[^]*Fine as it is/);
  });

  it('runs nothing and loads nothing', () => {
    const text = timelineSvg(docsPicture());
    expect(text).not.toMatch(
      /<script|<image|<foreignObject|@import|@font-face|\son\w+=|javascript:/i,
    );
    expect(text.match(/https?:[^"')]+/g)).toEqual(['http://www.w3.org/2000/svg']);
    expect(text.match(/(?:href="|url\()(?!#)/g)).toBeNull();
  });

  it('refers to nothing that is not there', () => {
    const text = timelineSvg(docsPicture());
    const ids = all(parseSvg(text), '*').map((element) => element.getAttribute('id'));
    for (const [, id] of text.matchAll(/(?:href="|url\()#([\w-]+)/g)) expect(ids).toContain(id);
  });

  it('has colours of its own for those who like it dark', () => {
    const [, light, dark] = /--ink:(#\w+)[^]*prefers-color-scheme:dark[^]*?--ink:(#\w+)/.exec(
      timelineSvg(emptyTrace),
    )!;
    expect(light).not.toBe(dark);
  });

  it.each(['failed', 'timed out', 'crashed'] as const)(
    'has a mark, and not only a colour, for what %s',
    (outcome) => {
      const trace = makeTrace([
        [0, 0, 4, { outcome }],
        [0, 4, 8],
      ]);
      // One on the element, one in the legend.
      expect(read(trace).marks).toEqual([0, 1].map(() => `#rpm-${outcome.replace(' ', '-')}`));
      expect(read(trace).texts).toContain(outcome);
    },
  );

  it('marks a group of narrow elements in which one failed', () => {
    const many = Array.from({ length: 5000 }, (_, i): BriefElement => [
      ...([0, i, i + 1] as const),
      i === 2500 ? { outcome: 'failed' } : {},
    ]);
    const { marks, tips } = read(makeTrace(many));
    expect(marks).toEqual(['#rpm-failed', '#rpm-failed']);
    expect(tips.filter((tip) => tip.includes('1 failed'))).toHaveLength(1);
  });

  it('marks where a worker crashed, once, and where one failed to start', () => {
    const workers = [
      { id: 0, start: 0, ready: 0, end: 4, ending: 'crashed' as const },
      { id: 1, start: 0, end: 3, ending: 'failed to start' as const },
    ];
    const { marks, tips } = read(
      makeTrace(
        [
          [0, 0, 4, { outcome: 'crashed' }],
          [2, 0, 8],
        ],
        { workers },
      ),
    );
    expect(marks).toEqual(['#rpm-crashed', '#rpm-failed', '#rpm-failed', '#rpm-crashed']);
    expect(tips).toContain('worker 0 crashed');
    expect(tips).toContain('worker 1 failed to start');
    expect(tips).toContain('worker 1 was starting for 3 ms to start');
  });

  it('shows how long a worker took to start', () => {
    const workers = [{ id: 0, start: 0, ready: 40 }];
    const { tips, texts } = read(makeTrace([[0, 40, 60]], { workers }));
    expect(tips).toContain('worker 0 took 40 ms to start');
    expect(texts).toContain('worker starting');
  });

  it.each([
    'no work',
    'window full',
    'slow consumer',
    'limit',
    'retry delay',
  ] as IdleSpan['cause'][])('says that a worker idled for the cause: %s', (cause) => {
    const { tips, texts } = read(
      makeTrace([[0, 0, 10]], { duration: 30, idle: [{ worker: 0, start: 10, end: 30, cause }] }),
    );
    expect(tips).toContain(`worker 0 idle, ${cause}: 20 ms, from 10 ms`);
    expect(texts).toEqual(expect.arrayContaining([cause, `idle: ${cause}`]));
  });

  it('marks what was taken back, and counts what is too near to be marked twice', () => {
    const reclaims = [1, 1.01, 8].map((at, batch) => ({ batch, worker: 0, count: batch + 1, at }));
    const { tips, texts } = read(makeTrace([[0, 0, 10]], { reclaims }));
    expect(tips.filter((tip) => tip.includes('taken back'))).toEqual([
      '3 elements taken back from worker 0',
      '3 elements taken back from worker 0',
    ]);
    expect(texts).toContain('elements taken back');
  });

  it('has a line for each place of a worker that runs several elements at once, up to fifty', () => {
    const at = (perWorker: number, count: number): Set<string | null> => {
      const trace = makeTrace(
        Array.from({ length: count }, (): BriefElement => [0, 0, 9]),
        {
          calls: [callOf({ perWorker })],
        },
      );
      const cells = all(parseSvg(timelineSvg(trace)), 'g').filter((g) =>
        textsOf(g, 'title')[0]?.includes(' on worker'),
      );
      return new Set(cells.map((cell) => all(cell, 'rect')[0]!.getAttribute('y')));
    };
    expect(at(3, 3).size).toBe(3);
    expect(at(70, 70).size).toBe(50);
  });

  describe('of workers that took over from each other', () => {
    /** On so many places, a worker for each element; now and then one crashes. */
    const relay = (count: number, places = 1, every = 10): ReturnType<typeof makeTrace> => {
      const lives = Array.from({ length: count }, (_, id) => {
        const start = Math.floor(id / places) * 50 + (id % places);
        const ending = id % every === every - 1 ? ('crashed' as const) : ('closed' as const);
        return { id, start, ready: start + 30, end: start + 50, ending };
      });
      const elements = lives.map(({ id, ready, ending }): BriefElement => {
        const outcome = ending === 'crashed' ? 'crashed' : 'done';
        return [id, ready, ready + 19, { outcome }];
      });
      return makeTrace(elements, { workers: lives, duration: (count / places) * 50 + places });
    };
    const labels = (texts: readonly string[]): string[] =>
      texts.filter((text) => text.startsWith('thread '));

    it('has a row for each, up to 64 of them, and a row for all, if there are more', () => {
      expect(labels(read(relay(64)).texts)).toHaveLength(64);
      expect(read(relay(64)).texts).not.toContain('a worker ends, the next takes over');
      expect(labels(read(relay(65)).texts)).toEqual(['thread 1']);
      expect(read(relay(65)).texts).toContain('a worker ends, the next takes over');
    });

    it('marks where each of them crashed, and tells of each, where there is room', () => {
      const { marks, tips } = read(relay(65), { width: 3000 });
      // One for each, and one in the legend.
      expect(marks).toEqual(Array.from({ length: 7 }, () => '#rpm-crashed'));
      expect(tips).toContain('65 workers (0, 1, 2 … 64)');
      for (const id of [0, 9, 64]) {
        expect(tips).toContain(`worker ${id}`);
        expect(tips).toContain(`worker ${id} took 30 ms to start`);
      }
      expect(tips).toContain('worker 59 crashed');
      expect(tips).toContain(
        `work[9] on worker 9: crashed\n19 ms, from ${formatMillis(9 * 50 + 30)}`,
      );
    });

    it('tells together of those that are too near each other', () => {
      const { tips, marks } = read(relay(4000, 4));
      const all = tips.join('\n');
      expect(all).toMatch(
        /^\d+ workers \(\d+, \d+, \d+ … \d+\) took 30 ms each, on average, to start$/m,
      );
      expect(all).toMatch(/^\d+ workers \(\d+, \d+, \d+ … \d+\) ended, \d crashed$/m);
      expect(all).toMatch(/^\d+ elements on \d+ workers \(\d+, \d+, \d+ … \d+\), \d+ crashed$/m);
      expect(marks.length).toBeGreaterThan(50);
      expect(marks.length).toBeLessThan((4 * 960) / 9);
    });

    it('marks a crash once, and not again for the element', () => {
      const { tips, marks } = read(relay(4000, 4, 97));
      const crashes = tips.filter((tip) => tip.endsWith(' ended, 1 crashed'));
      expect(crashes.length).toBeGreaterThan(20);
      // One more is in the legend.
      expect(marks).toHaveLength(crashes.length + 1);
    });

    it('marks crashes beside the numbers, not over them', () => {
      const uses = all(parseSvg(timelineSvg(relay(65), { width: 3000 })), 'use');
      const [legend, ...others] = uses.map((use) => use.getAttribute('y')).reverse();
      expect(legend).toBe('6');
      expect(new Set(others)).toEqual(new Set(['1']));
    });

    it('tells whom elements were taken back from, and who idled', () => {
      const trace = relay(100);
      const { tips } = read(
        {
          ...trace,
          reclaims: [3, 4, 50].map((worker, at) => ({ batch: 0, worker, count: 2, at })),
          idle: [
            { worker: 70, start: 3540, end: 3549, cause: 'limit' },
            { worker: 71, start: 3550, end: 3580, cause: 'starting' },
          ],
          calls: [callOf({ end: 5000 })],
        },
        { width: 8000 },
      );
      expect(tips).toContain('6 elements taken back from workers 3, 4, 50');
      expect(tips).toContain('worker 70 idle, limit: 9 ms, from 3.54 s');
      expect(tips.join()).not.toContain('idle, starting');
    });

    it.each([960, 1600])(
      'has four rows, and is small, for 5,000 on four places, at %d',
      (width) => {
        const text = timelineSvg(relay(5000, 4), { width });
        const { texts } = read(relay(5000, 4), { width });
        expect(labels(texts)).toEqual(['thread 1', 'thread 2', 'thread 3', 'thread 4']);
        expect(text.length).toBeLessThan(width * 300);
      },
    );
  });

  it('gives the five calls with the most elements colours, and says how many others there are', () => {
    const calls = Array.from({ length: 8 }, (_, id) => callOf({ id, name: `f${id}` }));
    const elements = calls.flatMap(({ id }) =>
      Array.from({ length: id + 1 }, (_, nth): BriefElement => [
        0,
        id * 10 + nth,
        id * 10 + nth + 1,
        { call: id },
      ]),
    );
    const { texts } = read(makeTrace(elements, { calls }));
    const legend = texts.slice(texts.indexOf('f3'));
    expect(legend.slice(0, 6)).toEqual(['f3', 'f4', 'f5', 'f6', 'f7', 'other calls (3)']);
  });

  it('tells calls of the same name apart in the legend', () => {
    const calls = ['f', 'g', 'f'].map((name, id) => callOf({ id, name }));
    const elements = calls.map(({ id }): BriefElement => [0, id * 9, id * 9 + 5, { call: id }]);
    expect(read(makeTrace(elements, { calls })).texts).toEqual(
      expect.arrayContaining(['call 0: f', 'g', 'call 2: f']),
    );
  });

  it('says that a call is under way, and that records were not kept', () => {
    const [, subtitle] = read(
      makeTrace([[0, 0, 5]], { calls: [callOf()], duration: 10, omitted: 4 }),
    ).texts;
    expect(subtitle).toMatch(/; still under way; the 4 oldest records are not kept$/);
  });

  it('cuts long names, and takes a title of the user’s', () => {
    const name = 'aVeryLongName'.repeat(20);
    for (const text of read(makeTrace([[0, 0, 1]], { calls: [callOf({ name })] }), { width: 320 })
      .texts) {
      expect(text.length).toBeLessThan(50);
    }
    expect(read(emptyTrace, { title: 'a <b> & "c"' }).texts[0]).toBe('a <b> & "c"');
  });

  it('writes what XML cannot hold, or takes for something else, in another way', () => {
    const text = timelineSvg(emptyTrace, { title: 'a & b < c\u0000' });
    expect(text).toContain('<title>a &amp; b &lt; c\uFFFD</title>');
    parseSvg(text);
  });

  it('stripes what failed', () => {
    const svg = parseSvg(
      timelineSvg(
        makeTrace([
          [0, 0, 4, { outcome: 'failed' }],
          [0, 4, 8],
        ]),
      ),
    );
    const classes = all(svg, 'rect').map((rect) => rect.getAttribute('class'));
    expect(classes.filter((name) => name === 'f')).toHaveLength(1);
  });

  it('has no more marks on a line than can be told apart', () => {
    const failing = Array.from({ length: 200 }, (_, i): BriefElement => [
      0,
      i,
      i + 1,
      { outcome: 'failed' },
    ]);
    const { marks } = read(makeTrace(failing));
    expect(marks.length).toBeGreaterThan(50);
    expect(marks.length).toBeLessThan(960 / 9);
  });

  it('leaves out idle times that are too short to see', () => {
    const short = { worker: 0, start: 5, end: 5.01, cause: 'limit' } as const;
    expect(
      read(
        makeTrace(
          [
            [0, 0, 5],
            [0, 6, 10],
          ],
          { idle: [short] },
        ),
      ).tips.join(),
    ).not.toContain('limit');
  });

  it('draws nothing, without failing, where nothing is known', () => {
    expect(read(emptyTrace).texts).toEqual([
      'No calls: 0 elements on 0 workers',
      'Nothing has run yet.',
      '0',
    ]);
  });

  it.each([
    [1, 100_000],
    [8, 100_000],
    [64, 100_000],
  ])('is small with %d workers and %d elements', (workers, count) => {
    const elements = Array.from({ length: count }, (_, i): BriefElement => {
      const start = Math.floor(i / workers) * 2;
      return [i % workers, start, start + 1 + ((i * 7919) % 11) / 10];
    });
    expect(timelineSvg(makeTrace(elements)).length).toBeLessThan(100_000 + workers * 10_000);
  });

  it.each([
    [256, 100, 960],
    [512, 100, 960],
    [1024, 20, 960],
    [64, 500, 8000],
  ])('has a bound with %d workers, %d elements each, and %d pixels', (workers, each, width) => {
    const spans = Array.from({ length: workers * each }, (_, i) => {
      const start = Math.floor(i / workers) * 10;
      return { worker: i % workers, start, end: start + 4 + ((i * 7919) % 50) / 10 };
    });
    const elements = spans.map(({ worker, start, end }): BriefElement => [
      ...([worker, start, end] as const),
      { outcome: 'failed' },
    ]);
    const trace = makeTrace(elements, {
      duration: each * 10,
      calls: [callOf({ name: 'n'.repeat(40), concurrency: workers })],
      reclaims: spans.map(({ worker, start }) => ({ batch: 0, worker, count: 1, at: start + 5 })),
      idle: spans.map(({ worker, end }) => ({ worker, start: end, end: end + 1, cause: 'limit' })),
    });
    const text = timelineSvg(trace, { width });
    expect(text.match(/ on worker /g)!.length).toBeLessThan(5000);
    expect(text.match(/ taken back /g)!.length).toBeLessThan(5000);
    expect(text.length).toBeLessThan(1_300_000);
  });

  it('is well-formed, and bounded by its width and workers, whatever the trace', () => {
    const property = fc.property(anyTrace, fc.integer({ min: 320, max: 2000 }), (trace, width) => {
      const text = timelineSvg(trace, { width });
      parseSvg(text);
      expect(text).not.toMatch(/NaN|Infinity|undefined/);
      expect(text.length).toBeLessThan(200_000);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('has all that it draws within its width', () => {
    const property = fc.property(anyTrace, (trace) => {
      for (const rect of all(parseSvg(timelineSvg(trace, { width: 500 })), 'rect')) {
        const [x, width] = [
          Number(rect.getAttribute('x') ?? 0),
          Number(rect.getAttribute('width')),
        ];
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x + width).toBeLessThanOrEqual(501);
      }
    });
    fc.assert(property);
  });

  it.each([0, 319, 8001, 500.5, NaN])('refuses a width of %p', (width) => {
    expect(() => timelineSvg(emptyTrace, { width })).toThrow(
      new RangeError(`timelineSvg: width must be an integer from 320 to 8000, but got ${width}`),
    );
  });

  it.each<[unknown, string]>([
    [{ width: '800' }, 'timelineSvg: width must be an integer from 320 to 8000, but got "800"'],
    [{ title: ['a'] }, 'timelineSvg: title must be text, or left out, but got an object (Array)'],
    [null, 'timelineSvg expects an options object, but got null'],
    [
      { titel: 'a' },
      'timelineSvg has no option "titel". Did you mean "title"? It knows: width, title',
    ],
  ])('refuses the options %p', (options, message) => {
    expect(() => timelineSvg(emptyTrace, options as never)).toThrow(new TypeError(message));
  });
});
