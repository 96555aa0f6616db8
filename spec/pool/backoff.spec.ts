import { backoff } from '../../lib/index.js';

const error = new Error();
const first = (count: number, delay: (error: unknown, attempt: number) => number): number[] =>
  Array.from({ length: count }, (_, nth) => delay(error, nth + 1));

describe('backoff()', () => {
  afterEach(() => jest.restoreAllMocks());

  it('doubles a delay of 100 ms up to 30 seconds, unless told otherwise', () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    expect(first(11, backoff())).toEqual([
      ...[100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000],
    ]);
  });

  it('takes its beginning, factor and limit from the options', () => {
    const delay = backoff({ initial: 10, factor: 3, max: 100, jitter: 0 });
    expect(first(4, delay)).toEqual([10, 30, 90, 100]);
  });

  it('leaves half of each delay to chance, or the part that is asked for', () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    expect(first(2, backoff())).toEqual([75, 150]);
    expect(first(2, backoff({ jitter: 1 }))).toEqual([50, 100]);
  });

  it('stays at its limit, however often an element is tried', () => {
    expect(backoff({ jitter: 0 })(error, 100_000)).toBe(30_000);
  });

  it.each([
    [{ initial: 0 }, RangeError, 'initial must be a number from 1 to 2147483647, but got 0'],
    [{ max: Infinity }, RangeError, 'max must be a number from 1 to 2147483647, but got Infinity'],
    [{ factor: 0.5 }, RangeError, 'factor must be a number of at least 1, but got 0.5'],
    [{ jitter: 2 }, RangeError, 'jitter must be a number from 0 to 1, but got 2'],
    [{ jitter: NaN }, RangeError, 'jitter must be a number from 0 to 1, but got NaN'],
    [{ initial: '1s' }, TypeError, 'initial must be a number from 1 to 2147483647, but got "1s"'],
  ])('refuses %p', (options, type, message) => {
    const call = (): unknown => backoff(options as never);
    expect(call).toThrow(type);
    expect(call).toThrow(`backoff: ${message}`);
  });

  it('refuses an option that it does not know', () => {
    expect(() => backoff({ inital: 1 } as never)).toThrow('backoff has no option "inital"');
  });
});
