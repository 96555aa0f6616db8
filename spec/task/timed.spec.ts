import { timed, timeoutReason } from '../../lib/task/timed.js';

describe('the steps of a batch with a stopwatch', () => {
  it('start it right before each function, and stop it before the next is claimed', () => {
    const log: string[] = [];
    let next = 0;
    const steps = timed(
      {
        fn: (value: unknown, index: unknown) => {
          log.push(`run ${String(value)} ${String(index)}`);
          return value;
        },
        claim: () => {
          log.push('claim');
          return next < 2 ? next++ : undefined;
        },
      },
      { start: (position) => log.push(`start ${position}`), stop: () => log.push('stop') },
    );
    for (let position; (position = steps.claim()) !== undefined;) {
      // What ended before is posted here, which is no time of this element's.
      log.push('post');
      expect(steps.fn('ab'[position], 7 + position)).toBe('ab'[position]);
    }
    expect(log).toEqual([
      ...['stop', 'claim', 'post', 'start 0', 'run a 7'],
      ...['stop', 'claim', 'post', 'start 1', 'run b 8'],
      ...['stop', 'claim'],
    ]);
  });

  it('abort with what AbortSignal.timeout would abort with', () => {
    expect(timeoutReason()).toMatchObject({ name: 'TimeoutError' });
    expect(timeoutReason()).toBeInstanceOf(DOMException);
  });
});
