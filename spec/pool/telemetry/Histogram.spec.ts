import * as fc from 'fast-check';
import { Histogram } from '../../../lib/pool/telemetry/Histogram.js';

/** What it may be off by. */
const ERROR = 0.022;

const times = fc.array(
  fc.tuple(
    fc.oneof(fc.constant(0), fc.double({ min: 0.0001, max: 1e8, noNaN: true }), fc.nat(50)),
    fc.integer({ min: 1, max: 20 }),
  ),
  { minLength: 1, maxLength: 60 },
);

describe('a histogram of times', () => {
  it('knows quantiles to 2.2 %, and count, mean and maximum exactly', () => {
    fc.assert(
      fc.property(times, (given) => {
        const histogram = new Histogram();
        for (const [time, count] of given) histogram.add(time, count);
        const all = given.flatMap(([time, count]) => new Array<number>(count).fill(time));
        all.sort((a, b) => a - b);
        const stats = histogram.read();
        expect(stats.count).toBe(all.length);
        expect(stats.max).toBe(all.at(-1));
        const mean = all.reduce((sum, time) => sum + time) / all.length;
        expect(Math.abs(stats.mean - mean)).toBeLessThanOrEqual(mean * 1e-9);
        for (const [share, found] of [
          [0.5, stats.p50],
          [0.9, stats.p90],
          [0.99, stats.p99],
        ] as const) {
          const exact = all[Math.ceil(share * all.length) - 1]!;
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * ERROR);
        }
      }),
    );
  });

  it('is all zeros without any', () => {
    const nothing = { count: 0, mean: 0, p50: 0, p90: 0, p99: 0, max: 0 };
    expect(new Histogram().read()).toEqual(nothing);
  });

  it('has a last bucket for what takes longer than three weeks', () => {
    const histogram = new Histogram();
    histogram.add(1e12);
    expect(histogram.read().max).toBe(1e12);
    expect(histogram.read().p50).toBeGreaterThan(1.7e9);
  });
});
