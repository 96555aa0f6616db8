/** Where a time axis has its marks, and what is written there. */
import type { Millis } from '../Trace.js';

export interface Tick {
  readonly at: Millis;
  readonly label: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Steps that people count in, where they are not powers of ten. */
const STEPS = [
  ...[15, 30].map((step) => step * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((step) => step * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((step) => step * HOUR),
];

const UNITS: readonly (readonly [Millis, string])[] = [
  [HOUR, 'h'],
  [MINUTE, 'min'],
  [SECOND, 's'],
  [1, 'ms'],
  [0.001, 'µs'],
];

/** From 0 to `duration`, at round times, with `most` steps at most; only 0 where nothing takes any time. */
export function ticks(duration: Millis, most: number): Tick[] {
  const step = stepFor(duration / most);
  if (!(step > 0 && duration / step <= most + 1)) return [{ at: 0, label: '0' }];
  const [size, unit] = UNITS.find(([unit]) => step >= unit) ?? [0.001, 'µs'];
  return Array.from({ length: Math.floor(duration / step + 1e-9) + 1 }, (_, nth) => {
    const at = nth * step;
    return { at, label: nth === 0 ? '0' : `${Number((at / size).toPrecision(6))} ${unit}` };
  });
}

function stepFor(least: Millis): Millis {
  if (least > 10 * SECOND)
    return STEPS.find((step) => step >= least) ?? decimalStep(least / HOUR) * HOUR;
  return decimalStep(least);
}

/** The next of 1, 2, 5, 10, 20, 50 and so on. */
function decimalStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((digit) => digit * power >= least * (1 - 1e-9)) ?? 10);
}
