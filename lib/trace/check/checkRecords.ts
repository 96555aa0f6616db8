/** Checks plain data field by field, and names the first place that is not as it must be. */
import { quote } from '../../quote.js';

/** What a field may be. */
export interface Kind {
  /** As the message shall say it: `must be …`. */
  readonly expected: string;
  readonly isValid: (value: unknown) => boolean;
}

export interface Shape {
  readonly fields: Readonly<Record<string, Kind>>;
  /** Times that come in this order, where both are there. */
  readonly inOrder?: readonly { readonly earlier: string; readonly later: string }[];
}

/**
 * @param place what is checked, as the message shall name it: `report: trace.elements`
 * @throws RangeError for a number that is out of range, TypeError for anything else that is none of the shape
 */
export function checkRecords(place: string, records: readonly unknown[], shape: Shape): void {
  const fields = Object.entries(shape.fields).map(([name, kind]) => ({ name, ...kind }));
  const orders = shape.inOrder ?? [];
  // By number, for its place. forEach would pass over the holes of an array.
  for (let nth = 0; nth < records.length; nth++) {
    const record = records[nth];
    if (!isRecord(record)) refuse(`${place}[${nth}]`, 'an object', record);
    for (const { name, expected, isValid } of fields) {
      const value = record[name];
      if (!isValid(value)) refuse(`${place}[${nth}].${name}`, expected, value);
    }
    for (const { earlier, later } of orders) {
      const from = record[earlier] as number;
      const to = record[later] as number | undefined;
      if (to !== undefined && to < from) {
        refuse(`${place}[${nth}].${later}`, `no earlier than its ${earlier}, ${from}`, to);
      }
    }
  }
}

/** @throws as `checkRecords` does, of one field */
export function checkField(place: string, { expected, isValid }: Kind, value: unknown): void {
  if (!isValid(value)) refuse(place, expected, value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function refuse(place: string, expected: string, value: unknown): never {
  const message = `${place} must be ${expected}, but got ${quote(value)}`;
  if (typeof value === 'number') throw new RangeError(message);
  throw new TypeError(message);
}
