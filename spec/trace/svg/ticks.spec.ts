import * as fc from 'fast-check';
import { ticks } from '../../../lib/trace/svg/ticks.js';

const labels = (duration: number, most: number): string[] =>
  ticks(duration, most).map(({ label }) => label);

describe('the marks of a time axis', () => {
  it.each([
    [0.0026, 3, ['0', '1 µs', '2 µs']],
    [0.5, 5, ['0', '100 µs', '200 µs', '300 µs', '400 µs', '500 µs']],
    [26, 6, ['0', '5 ms', '10 ms', '15 ms', '20 ms', '25 ms']],
    [1900, 4, ['0', '500 ms', '1000 ms', '1500 ms']],
    [4000, 4, ['0', '1 s', '2 s', '3 s', '4 s']],
    [100_000, 4, ['0', '30 s', '60 s', '90 s']],
    [1_000_000, 4, ['0', '5 min', '10 min', '15 min']],
    [10 * 3_600_000, 5, ['0', '2 h', '4 h', '6 h', '8 h', '10 h']],
    [1000 * 3_600_000, 5, ['0', '200 h', '400 h', '600 h', '800 h', '1000 h']],
  ])(
    'of %d ms, in %d steps at most, are at round times in a unit that suits',
    (duration, most, expected) => {
      expect(labels(duration, most)).toEqual(expected);
    },
  );

  it('are 0 alone where nothing takes any time', () => {
    expect(labels(0, 10)).toEqual(['0']);
    expect(labels(5e-324, 10)).toEqual(['0']);
  });

  it('are within the time, differ, and are neither too many nor too few', () => {
    const durations = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
    const property = fc.property(durations, fc.integer({ min: 3, max: 100 }), (duration, most) => {
      const marks = ticks(duration, most);
      expect(marks.length).toBeLessThanOrEqual(most + 1);
      expect(marks.length).toBeGreaterThanOrEqual(most / 4);
      expect(marks.at(-1)!.at).toBeLessThanOrEqual(duration * (1 + 1e-9));
      expect(new Set(marks.map(({ label }) => label)).size).toBe(marks.length);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
