import { ArrivalTimes } from '../../../lib/pool/telemetry/ArrivalTimes.js';

describe('when elements came', () => {
  it('is known of each range: the mean, where they came at several moments', () => {
    const arrivals = new ArrivalTimes();
    arrivals.note(2, 10);
    arrivals.note(3, 20);
    arrivals.note(10, 40);
    expect(arrivals.meanOf([{ start: 0, end: 2 }])).toBe(10);
    expect(arrivals.meanOf([{ start: 9, end: 10 }])).toBe(40);
    expect(arrivals.meanOf([{ start: 1, end: 5 }])).toBe((10 + 20 + 40 + 40) / 4);
    expect(
      arrivals.meanOf([
        { start: 5, end: 6 },
        { start: 2, end: 3 },
      ]),
    ).toBe(30);
  });

  it('is known to a few percent of how long ago it was, after any number of moments', () => {
    const arrivals = new ArrivalTimes();
    const moments = 100_000;
    for (let nth = 0; nth < moments; nth++) arrivals.note(nth + 1, nth);
    for (const index of [99_999, 99_000, 90_000, 50_000, 10_000, 1]) {
      const age = moments - index;
      const found = moments - arrivals.meanOf([{ start: index, end: index + 1 }]);
      expect(Math.abs(found - age)).toBeLessThanOrEqual(Math.max(1, age * 0.05));
    }
  });
});
