/** How times, shares and names are written for people. */
import type { TracedCall } from './Trace.js';

/** Milliseconds with three digits, in the unit that suits: `850 µs`, `26 ms`, `1.25 s`, `3 min 20 s`. */
export function formatMillis(millis: number): string {
  if (millis < 0.9995) return `${digits(millis * 1000)} µs`;
  if (millis < 999.5) return `${digits(millis)} ms`;
  if (millis < 119_500) return `${digits(millis / 1000)} s`;
  const seconds = Math.round(millis / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(minutes, 'min', seconds % 60, 's');
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function digits(amount: number): string {
  return String(Number(amount >= 100 ? amount.toFixed(0) : amount.toPrecision(3)));
}

function joined(large: number, unit: string, small: number, part: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${part}`;
}

export function formatPercent(share: number): string {
  return share > 0 && share < 0.005 ? '<1 %' : `${Math.round(share * 100)} %`;
}

/** `1 element`, `8 elements`, `100,000 elements`. */
export function count(amount: number, noun: string): string {
  return `${amount.toLocaleString('en')} ${noun}${amount === 1 ? '' : 's'}`;
}

/** What breaks lines or turns the direction of writing, and what XML has no way to write. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Bidi_Control}\uFFFE\uFFFF]/gu;

/** As one line of so many characters at most. */
export function cut(text: string, longest: number): string {
  const characters = Array.from(text.replace(/\s/g, ' ').replace(UNPRINTABLE, '\uFFFD'));
  if (characters.length <= longest) return characters.join('');
  return `${characters.slice(0, Math.max(0, longest - 1)).join('')}…`;
}

/** The name of a call's function, or a word for it if it has none. */
export function nameOf(call: Pick<TracedCall, 'name'> | undefined, longest = 40): string {
  return call?.name ? cut(call.name, longest) : 'function';
}
