/** How figures are written. */
import type { TargetResult, ViewResult } from '../results.js';

export function formatFigure(figure: number, unit: ViewResult['unit']): string {
  switch (unit) {
    case 'elements/s':
      return `${formatLarge(figure)}/s`;
    case 'of the limit':
      return figure.toFixed(3);
    case 'ms':
    case 'µs':
    case 'MiB':
      return `${digits(figure)} ${unit}`;
  }
}

export function formatRatio(ratio: number | undefined): string {
  return ratio === undefined ? '' : digits(ratio);
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** "ours: >= 1.5 x python Pool.map" */
export function formatTarget({ contender, against, atLeast, atMost }: TargetResult): string {
  const bound = atLeast === undefined ? `<= ${atMost}` : `>= ${atLeast}`;
  return `${contender}: ${bound}${against === undefined ? '' : ` x ${against}`}`;
}

/** "0.93 (0.91 - 0.95): not met" */
export function formatOutcome({ measured, met }: TargetResult): string {
  if (!measured) return 'not measured';
  const figures = [measured.median, ...measured.quartiles].map((figure) =>
    figure >= 1000 ? formatLarge(figure) : figure.toFixed(3),
  );
  return `${figures[0]} (${figures[1]} - ${figures[2]}): ${met ? 'met' : 'NOT MET'}`;
}

function formatLarge(figure: number): string {
  if (figure >= 1e6) return `${digits(figure / 1e6)} M`;
  return figure >= 1e4 ? `${digits(figure / 1e3)} k` : formatCount(Math.round(figure));
}

/** Two or three that count. */
function digits(figure: number): string {
  if (figure >= 100) return formatCount(Math.round(figure));
  if (figure < 0.1) return `${Number(figure.toPrecision(2))}`;
  return figure.toFixed(figure >= 10 ? 1 : 2);
}
