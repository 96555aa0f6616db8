import { drawRow } from '../../../lib/trace/svg/drawRow.js';
import { layOut } from '../../../lib/trace/svg/layout.js';
import { label, tag, tooltip } from '../../../lib/trace/svg/markup.js';
import type { Trace } from '../../../lib/trace/Trace.js';
import { makeTrace } from '../../support/trace/makeTrace.js';

const MARKUP = 'x</text><script>alert("1")</script>&';
const ESCAPED = 'x&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;';

describe('the markup of a picture', () => {
  it('has all text escaped, also in attributes', () => {
    expect(label({ x: 1 }, MARKUP)).toBe(`<text x="1">${ESCAPED}</text>`);
    expect(tooltip(`${MARKUP}\n${MARKUP}`)).toBe(`<title>${ESCAPED}\n${ESCAPED}</title>`);
    expect(tag('g', { class: MARKUP })).toBe(`<g class="${ESCAPED}"/>`);
  });

  // What checkTrace would refuse, had it been asked: each of the two has to be enough.
  it.each<[string, Partial<Trace>]>([
    ['index', makeTrace([[0, 0, 9, { index: MARKUP as never }]])],
    ['outcome', makeTrace([[0, 0, 9, { outcome: MARKUP as never }]])],
    [
      'attempt',
      makeTrace([[0, 0, 9, { attempt: { valueOf: () => 2, toString: () => MARKUP } as never }]]),
    ],
    ['worker', makeTrace([[MARKUP as never, 0, 9]])],
    [
      'cause',
      makeTrace([[0, 0, 1]], {
        duration: 9,
        idle: [{ worker: 0, start: 1, end: 9, cause: MARKUP as never }],
      }),
    ],
    [
      'count',
      makeTrace([[0, 0, 9]], {
        reclaims: [{ batch: 0, worker: 0, at: 5, count: MARKUP as never }],
      }),
    ],
  ])('lets none through that is in the place of: %s', (_, trace) => {
    const layout = layOut(trace as Trace, 960);
    const palette = { calls: new Map(), classOf: () => 'c0' };
    const markup = layout.rows.map((row) => drawRow(row, layout, palette)).join('');
    expect(markup).not.toContain('<script');
    expect(markup).toContain('&lt;script&gt;');
  });
});
