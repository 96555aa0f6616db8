import { nearestName } from '../lib/nearestName.js';

const there = ['std', 'median', 'parseRecord', 'retry'];

describe('the name that was probably meant', () => {
  it.each([
    ['sdt', 'std'],
    ['Std', 'std'],
    ['medain', 'median'],
    ['parseRecrd', 'parseRecord'],
    ['parserecords', 'parseRecord'],
    ['retires', 'retry'],
  ])('for %s is %s', (name, meant) => {
    expect(nearestName(name, there)).toBe(meant);
  });

  it.each(['max', 'average', 'start', ''])('is none for %p', (name) => {
    expect(nearestName(name, there)).toBeUndefined();
  });

  it('is none where there is nothing', () => {
    expect(nearestName('std', [])).toBeUndefined();
  });
});
