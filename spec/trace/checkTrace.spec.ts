import * as fc from 'fast-check';
import { chromeTrace, report, timelineSvg, timelineText, type Trace } from '../../lib/index.js';
import { anyTrace, emptyTrace } from '../support/trace/arbitraryTrace.js';
import { callOf, makeTrace } from '../support/trace/makeTrace.js';

const takers = { timelineText, timelineSvg, chromeTrace, report };

/** With one record in each list. */
const whole: Trace = makeTrace([[0, 1, 5]], {
  calls: [callOf({ start: 1, end: 5 })],
  workers: [{ id: 0, start: 1, ready: 2, end: 5, ending: 'closed' }],
  batches: [{ id: 0, call: 0, worker: 0, count: 1, sent: 1, returned: 5, ran: 4 }],
  reclaims: [{ batch: 0, worker: 0, count: 1, at: 2 }],
  idle: [{ worker: 0, start: 1, end: 5, cause: 'limit' }],
});

/** With another value at a place: `elements[0].start`, `elements[0]` or `duration`. */
function spoil(path: string, value: unknown): Trace {
  const trace: unknown = structuredClone(whole);
  const steps = path.split(/\W+/).filter(Boolean);
  let owner = trace as Record<string, unknown>;
  for (const step of steps.slice(0, -1)) owner = owner[step] as typeof owner;
  owner[steps.at(-1)!] = value;
  return trace as Trace;
}

const TIME = 'milliseconds from 0 to 8640000000000000';
const NATURAL = 'an integer of at least 0';
const POSITIVE = 'an integer of at least 1';

const times = [
  ...['startedAt', 'duration', 'calls[0].start', 'workers[0].start'],
  ...['elements[0].start', 'elements[0].end', 'batches[0].sent', 'batches[0].ran'],
  ...['reclaims[0].at', 'idle[0].start', 'idle[0].end'],
];
const optionalTimes = ['calls[0].end', 'workers[0].ready', 'workers[0].end', 'batches[0].returned'];
const counts = ['arrived', 'done', 'failed', 'cancelled', 'dropped', 'retried'];
const naturals = [
  ...['omitted', 'calls[0].id', ...counts.map((name) => `calls[0].${name}`), 'workers[0].id'],
  ...['call', 'index', 'worker', 'batch'].map((name) => `elements[0].${name}`),
  ...['id', 'call', 'worker', 'count'].map((name) => `batches[0].${name}`),
  ...['batch', 'worker', 'count'].map((name) => `reclaims[0].${name}`),
  'idle[0].worker',
];
const positives = ['calls[0].concurrency', 'calls[0].perWorker', 'elements[0].attempt'];
const words = ['workers[0].ending', 'elements[0].outcome', 'idle[0].cause'];

describe.each(Object.entries(takers))('%s', (name, take) => {
  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [5, '5'],
    [Symbol('trace'), 'Symbol(trace)'],
    [{}, 'an object without a version'],
    [{ ...emptyTrace, version: 2 }, 'one of version 2'],
    [{ ...emptyTrace, version: 1n }, 'one of version 1n'],
    [{ version: 1 }, 'one without its list "calls"'],
    [{ ...emptyTrace, idle: {} }, 'one without its list "idle"'],
    [JSON.stringify(emptyTrace), 'text. Put it through JSON.parse first'],
  ])('refuses %p, and says what it got', (value, got) => {
    expect(() => take(value as never)).toThrow(
      new TypeError(`${name} expects a trace of version 1, but got ${got}`),
    );
  });

  it('takes a trace that has been written down and read again', () => {
    for (const trace of [emptyTrace, whole]) {
      expect(() => take(JSON.parse(JSON.stringify(trace)) as never)).not.toThrow();
    }
  });

  const refused = (path: string, value: unknown, expected: string, got: string): void => {
    const message = `${name}: trace.${path} must be ${expected}, but got ${got}`;
    const isRange = typeof value === 'number' && expected !== 'text';
    const error = isRange ? RangeError : TypeError;
    expect(() => take(spoil(path, value))).toThrow(new error(message));
  };

  it.each(times)('refuses what is no time as %s', (path) => {
    for (const value of [NaN, Infinity, -1, 1e16]) refused(path, value, TIME, String(value));
    // What JSON makes of NaN.
    refused(path, null, TIME, 'null');
    refused(path, undefined, TIME, 'undefined');
    refused(path, '5', TIME, '"5"');
  });

  it.each(optionalTimes)('refuses what is no time as %s, which may be left out', (path) => {
    for (const value of [NaN, Infinity, -1])
      refused(path, value, `${TIME}, or left out`, `${value}`);
    refused(path, null, `${TIME}, or left out`, 'null');
    expect(() => take(spoil(path, undefined))).not.toThrow();
  });

  it.each([...naturals, ...positives])('refuses what is no whole number as %s', (path) => {
    const isPositive = positives.includes(path);
    const expected = isPositive ? POSITIVE : NATURAL;
    for (const value of [NaN, Infinity, 0.5, isPositive ? 0 : -1, 2 ** 53]) {
      refused(path, value, expected, String(value));
    }
    refused(path, undefined, expected, 'undefined');
    refused(path, '</text>', expected, '"</text>"');
  });

  it.each(words)('refuses a word that it does not know as %s', (path) => {
    for (const value of ['</text>', 5, null, ['limit']]) {
      expect(() => take(spoil(path, value))).toThrow(`${name}: trace.${path} must be "`);
    }
  });

  it('refuses a name that is none', () => {
    refused('calls[0].name', 5, 'text', '5');
  });

  it.each(['calls', 'workers', 'elements', 'batches', 'reclaims', 'idle'])(
    'refuses what is no record, and a hole, in %s',
    (list) => {
      refused(`${list}[0]`, null, 'an object', 'null');
      const message = `${name}: trace.${list}[1] must be an object, but got undefined`;
      expect(() => take(spoil(`${list}[2]`, {}))).toThrow(new TypeError(message));
    },
  );

  it.each([
    ['calls[0].end', 'start, 1'],
    ['workers[0].ready', 'start, 1'],
    ['workers[0].end', 'start, 1'],
    ['elements[0].end', 'start, 1'],
    ['batches[0].returned', 'sent, 1'],
    ['idle[0].end', 'start, 1'],
  ])('refuses %s before its beginning', (path, beginning) => {
    refused(path, 0.5, `no earlier than its ${beginning}`, '0.5');
    expect(() => take(spoil(path, 1))).not.toThrow();
  });

  it('takes any trace that the type allows, and one field of anything with an error of its own', () => {
    const paths = [...times, ...optionalTimes, ...naturals, ...positives, ...words];
    const lists = ['calls[0]', 'workers[0]', 'elements[0]', 'batches[0]', 'reclaims[0]', 'idle[0]'];
    const anyPath = fc.constantFrom(...paths, ...lists, 'calls[0].name');
    const property = fc.property(anyTrace, anyPath, fc.anything(), (trace, path, value) => {
      take(trace);
      try {
        take(spoil(path, value));
      } catch (error) {
        expect((error as Error).message).toMatch(`${name}: trace.`);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});
