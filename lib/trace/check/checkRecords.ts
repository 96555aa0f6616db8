/** Checks plain data field by field, and names the first place that is not as it must be. */
import { quote } from '../../quote.js';

/** What a field may be. */
export interface Kind {
  /** As the message shall say it: `must be …`. */
  readonly expected: string;
  readonly isValid: (value: unknown) => boolean;
  /** Whether it is a number: another one is out of range then, and of the wrong type else. */
  readonly isNumeric?: boolean | undefined;
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
    for (const kind of fields) {
      const value = record[kind.name];
      if (!kind.isValid(value)) refuse(`${place}[${nth}].${kind.name}`, kind.expected, value, kind);
    }
    for (const { earlier, later } of orders) {
      const from = record[earlier] as number;
      const to = record[later] as number | undefined;
      if (to !== undefined && to < from) {
        const expected = `no earlier than its ${earlier}, ${from}`;
        refuse(`${place}[${nth}].${later}`, expected, to, { isNumeric: true });
      }
    }
  }
}

/** @throws as `checkRecords` does, of one field */
export function checkField(place: string, kind: Kind, value: unknown): void {
  if (!kind.isValid(value)) refuse(place, kind.expected, value, kind);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function refuse(
  place: string,
  expected: string,
  value: unknown,
  { isNumeric }: Pick<Kind, 'isNumeric'> = {},
): never {
  const message = `${place} must be ${expected}, but got ${quote(value)}`;
  if (isNumeric && typeof value === 'number') throw new RangeError(message);
  throw new TypeError(message);
}
