import { chromeTrace, report, timelineSvg, timelineText } from '../../lib/index.js';
import { emptyTrace } from '../support/trace/arbitraryTrace.js';

const takers = { timelineText, timelineSvg, chromeTrace, report };

describe.each(Object.entries(takers))('%s', (name, take) => {
  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [5, '5'],
    [{}, 'an object without a version'],
    [{ ...emptyTrace, version: 2 }, 'one of version 2'],
    [{ version: 1 }, 'one without its list "calls"'],
    [{ ...emptyTrace, idle: {} }, 'one without its list "idle"'],
    [JSON.stringify(emptyTrace), 'text. Put it through JSON.parse first'],
  ])('refuses %j, and says what it got', (value, got) => {
    expect(() => take(value as never)).toThrow(
      new TypeError(`${name} expects a trace of version 1, but got ${got}`),
    );
  });

  it('takes a trace that has been written down and read again', () => {
    expect(() => take(JSON.parse(JSON.stringify(emptyTrace)) as never)).not.toThrow();
  });
});
