/** Puts the elements or results of a batch into the form that travels fastest. */

/**
 * From so many values on that pays. Cloning 4,096 numbers takes 330 µs from an array with holes, 80 from
 * one without, and 30 when they are packed; 64 take 6, 2 and 5 (spec/bench/probes/packing.ts).
 */
const FEWEST = 64;

export type Values = readonly unknown[] | Int32Array | Float64Array;

/** The same values: as a typed array where that holds each of them exactly, else without holes. */
export function pack(values: readonly unknown[]): Values {
  if (values.length < FEWEST) return values;
  return (
    packAs(Int32Array, isInt32, values) ??
    packAs(Float64Array, isNumber, values) ??
    withoutHoles(values)
  );
}

/** The memory of packed values, which is to be moved with them. */
export function memoryOf(values: Values): ArrayBuffer[] {
  return ArrayBuffer.isView(values) ? [values.buffer as ArrayBuffer] : [];
}

function packAs<Packed extends Int32Array | Float64Array>(
  type: new (length: number) => Packed,
  fits: (value: unknown) => value is number,
  values: readonly unknown[],
): Packed | undefined {
  // Before memory is taken: most values that are not numbers are not so from the first on.
  if (!fits(values[0])) return undefined;
  const packed = new type(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!fits(value)) return undefined;
    packed[i] = value;
  }
  return packed;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

/** Not -0, which no integer is. */
function isInt32(value: unknown): value is number {
  return typeof value === 'number' && Object.is(value | 0, value);
}

/**
 * An array made by `new Array(n)` has holes for V8 also when it is full, and takes up to three times as
 * long to clone. One that grew by `push` has none.
 */
function withoutHoles(values: readonly unknown[]): unknown[] {
  const copy: unknown[] = [];
  for (const value of values) copy.push(value);
  return copy;
}
