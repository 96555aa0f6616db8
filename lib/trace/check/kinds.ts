/** What fields of a trace and options of its pictures may be. */
import type { Kind } from './checkRecords.js';

/** The latest moment that a Date knows: sums of so many milliseconds are finite as well. */
const LATEST = 8.64e15;

export const natural: Kind = integer(0, Number.MAX_SAFE_INTEGER, 'an integer of at least 0');
export const positive: Kind = integer(1, Number.MAX_SAFE_INTEGER, 'an integer of at least 1');

export const time: Kind = {
  expected: `milliseconds from 0 to ${LATEST}`,
  isValid: (value) => typeof value === 'number' && value >= 0 && value <= LATEST,
  isNumeric: true,
};

/** In any unit. */
export const finite: Kind = {
  expected: 'a finite number of at least 0',
  isValid: (value) => typeof value === 'number' && value >= 0 && value < Infinity,
  isNumeric: true,
};

export const text: Kind = { expected: 'text', isValid: (value) => typeof value === 'string' };

export function integer(
  least: number,
  most: number,
  expected = `an integer from ${least} to ${most}`,
): Kind {
  const isValid = (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  return { expected, isValid, isNumeric: true };
}

export function oneOf(...values: readonly string[]): Kind {
  const quoted = values.map((value) => `"${value}"`);
  return {
    expected: `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)!}`,
    isValid: (value) => values.includes(value as string),
  };
}

/** JSON has no undefined, and leaves it out; what is null there was no number. */
export function optional({ expected, isValid, isNumeric }: Kind): Kind {
  return {
    expected: `${expected}, or left out`,
    isValid: (value) => value === undefined || isValid(value),
    isNumeric,
  };
}
