import fc from 'fast-check';
import { join, memoryOf, pack } from '../../lib/task/packing.js';

const many = { minLength: 64, maxLength: 100 };
/** Integers at the borders of 32 bits and beyond, and what only a fraction's type can hold. */
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(
    0,
    -0,
    NaN,
    Infinity,
    -Infinity,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    -(2 ** 31) - 1,
  ),
);

describe('packing', () => {
  it('changes no value', () => {
    const property = fc.property(
      fc.oneof(
        fc.array(fc.integer(), many),
        fc.array(number, many),
        fc.array(fc.oneof(number, fc.string(), fc.bigInt(), fc.constant(undefined)), many),
        fc.array(fc.anything()),
      ),
      (values) => {
        const packed = pack(values);
        expect(packed).toHaveLength(values.length);
        expect(values.every((value, i) => Object.is(packed[i], value))).toBe(true);
      },
    );
    fc.assert(property);
  });

  it.each([
    ['integers of 32 bits', [...new Array(63).keys(), -1], Int32Array],
    ['numbers of any kind', [...new Array(63).keys(), 0.5], Float64Array],
    ['numbers with a -0', [...new Array(63).keys(), -0], Float64Array],
    ['numbers and one that is none', [...new Array(63).keys(), '63'], Array],
    ['strings', new Array<string>(64).fill(''), Array],
    ['fewer than pay for it', [...new Array(63).keys()], Array],
  ])('gives for %s what holds them', (_what, values: unknown[], type) => {
    expect(pack(values)).toBeInstanceOf(type);
  });

  it('joins parts of any kinds, and keeps them packed where it can', () => {
    const parts = fc.array(fc.oneof(fc.array(fc.integer(), many), fc.array(fc.string(), many)), {
      minLength: 1,
      maxLength: 3,
    });
    const property = fc.property(parts, (given) => {
      const joined = join(given.map((part) => pack(part)));
      expect(Array.from<unknown>(joined)).toEqual(given.flat());
      expect(joined instanceof Int32Array).toBe(given.flat().every(Number.isInteger));
    });
    fc.assert(property);
  });

  it('copies a part, also of what is packed', () => {
    const values = [...new Array(200).keys()];
    const packed = pack(values);
    expect(Array.from(pack(packed, 10, 80))).toEqual(values.slice(10, 80));
    expect(pack(packed, 10, 12)).toEqual([10, 11]);
    expect(pack(packed)).not.toBe(packed);
  });

  it('takes a hole for undefined', () => {
    expect(pack(new Array(64))).toStrictEqual(new Array(64).fill(undefined));
  });

  it('names the memory of a typed array, and none of an array', () => {
    const packed = pack([...new Array(64).keys()]) as Int32Array;
    expect(memoryOf(packed)).toEqual([packed.buffer]);
    expect(memoryOf(['a'])).toEqual([]);
  });
});
