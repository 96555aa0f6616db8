import { ProgressMeter } from '../../../lib/pool/progress/ProgressMeter.js';

const ended = (done: number, total?: number) => ({ done, failed: 0, total });

describe('progress', () => {
  it('has the rate per second, and the time that is left at that rate', () => {
    const meter = new ProgressMeter(1000);
    expect(meter.read(ended(10, 40), 3000)).toEqual({
      ...{ done: 10, failed: 0, total: 40, rate: 5, eta: 6000 },
    });
  });

  it('counts failures as ended', () => {
    const meter = new ProgressMeter(0);
    expect(meter.read({ done: 1, failed: 3, total: 8 }, 1000)).toMatchObject({
      rate: 4,
      eta: 1000,
    });
  });

  it('forgets what was more than 10 seconds ago', () => {
    const meter = new ProgressMeter(0);
    meter.read(ended(1000), 1000);
    for (let second = 2; second <= 20; second++) meter.read(ended(1000 + second), second * 1000);
    expect(meter.read(ended(1021), 21_000).rate).toBe(1);
  });

  it.each([
    ['nothing of the total', ended(5), undefined],
    ['that nothing has ended', ended(0, 5), undefined],
    ['that all has', ended(5, 5), 0],
    ['that more has than was expected', ended(7, 5), 0],
  ])('cannot tell the time that is left otherwise: it knows %s', (_, figures, eta) => {
    expect(new ProgressMeter(0).read(figures, 1000).eta).toBe(eta);
  });

  it('has no rate before any time went by', () => {
    expect(new ProgressMeter(5).read(ended(3, 6), 5)).toMatchObject({ rate: 0, eta: undefined });
  });
});
