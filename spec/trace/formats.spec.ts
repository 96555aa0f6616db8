import { count, cut, formatMillis, formatPercent, nameOf } from '../../lib/trace/formats.js';

describe('formats', () => {
  it.each([
    [0, '0 µs'],
    [0.00004, '0.04 µs'],
    [0.25, '250 µs'],
    [0.9994, '999 µs'],
    [0.9996, '1 ms'],
    [26, '26 ms'],
    [31.456, '31.5 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [1254, '1.25 s'],
    [119_400, '119 s'],
    [119_500, '2 min'],
    [200_000, '3 min 20 s'],
    [3_600_000, '1 h'],
    [5_430_000, '1 h 30 min'],
    [360_000_000, '100 h'],
  ])('write %d milliseconds as %s', (millis, text) => {
    expect(formatMillis(millis)).toBe(text);
  });

  it.each([
    [0, '0 %'],
    [0.004, '<1 %'],
    [0.005, '1 %'],
    [0.956, '96 %'],
    [1, '100 %'],
  ])('write a share of %d as %s', (share, text) => {
    expect(formatPercent(share)).toBe(text);
  });

  it('count in the singular and in the plural', () => {
    expect([0, 1, 2, 100_000].map((amount) => count(amount, 'run'))).toEqual([
      '0 runs',
      '1 run',
      '2 runs',
      '100,000 runs',
    ]);
  });

  it('cut by characters, and say so', () => {
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(cut('abcdef', 5)).toBe('abcd…');
    expect(cut('😀😀😀', 2)).toBe('😀…');
    expect(cut('abc', 0)).toBe('…');
  });

  it('make one line of it that harms neither terminals nor XML', () => {
    expect(cut('a\nb\tc\u0000\u001b[31m\ud800\uffff\u202e\u200f\u009b', 99)).toBe(
      'a b c��[31m�����',
    );
  });

  it('name a call by its function, or say that it is one', () => {
    expect(nameOf({ name: 'std' })).toBe('std');
    expect(nameOf({ name: '' })).toBe('function');
    expect(nameOf(undefined)).toBe('function');
    expect(nameOf({ name: 'x'.repeat(50) })).toBe(`${'x'.repeat(39)}…`);
  });
});
