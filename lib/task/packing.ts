/** Puts the elements or results of a batch into the form that travels fastest. */

/**
 * From so many values on that pays. Cloning 4,096 numbers takes 330 µs from an array with holes, 80 from
 * one without, and 30 when they are packed; 64 take 6, 2 and 5 (spec/bench/probes/packing.ts).
 */
const FEWEST = 64;

export type Values = readonly unknown[] | Int32Array | Float64Array;

/**
 * A copy of the values from `from` up to, not including, `to`: as a typed array where that holds each of
 * them exactly, else without holes.
 */
export function pack(values: Values, from = 0, to = values.length): Values {
  if (to - from < FEWEST) return withoutHoles(values, from, to);
  if (ArrayBuffer.isView(values)) return values.slice(from, to);
  return (
    packAs(Int32Array, isInt32, values, from, to) ??
    packAs(Float64Array, isNumber, values, from, to) ??
    withoutHoles(values, from, to)
  );
}

/** All the values, one part after the other. */
export function join(parts: readonly Values[]): Values {
  const [first] = parts;
  if (parts.length === 1) return first!;
  if (isAllOf(Int32Array, parts)) return joinAs(Int32Array, parts);
  if (isAllOf(Float64Array, parts)) return joinAs(Float64Array, parts);
  return pack(parts.flatMap((part) => Array.from<unknown>(part)));
}

/** The memory of packed values, which is to be moved with them. */
export function memoryOf(values: Values): ArrayBuffer[] {
  return ArrayBuffer.isView(values) ? [values.buffer as ArrayBuffer] : [];
}

type TypedArray = Int32Array | Float64Array;
type TypedArrayClass<Packed extends TypedArray> = new (length: number) => Packed;

function packAs<Packed extends TypedArray>(
  type: TypedArrayClass<Packed>,
  fits: (value: unknown) => value is number,
  values: readonly unknown[],
  from: number,
  to: number,
): Packed | undefined {
  // Before memory is taken: most values that are not numbers are not so from the first on.
  if (!fits(values[from])) return undefined;
  const packed = new type(to - from);
  for (let i = from; i < to; i++) {
    const value = values[i];
    if (!fits(value)) return undefined;
    packed[i - from] = value;
  }
  return packed;
}

function isAllOf<Packed extends TypedArray>(
  type: TypedArrayClass<Packed>,
  parts: readonly Values[],
): parts is readonly Packed[] {
  return parts.every((part) => part instanceof type);
}

function joinAs<Packed extends TypedArray>(
  type: TypedArrayClass<Packed>,
  parts: readonly Packed[],
): Packed {
  const joined = new type(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
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
function withoutHoles(values: Values, from: number, to: number): unknown[] {
  const copy: unknown[] = [];
  for (let i = from; i < to; i++) copy.push(values[i]);
  return copy;
}
