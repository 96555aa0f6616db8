/** Numbers and paths, as a reader likes them in a terminal. */

const integer = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const threeDigits = new Intl.NumberFormat('en', {
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
  // Four digits and more stay whole.
  maximumFractionDigits: 0,
  roundingPriority: 'morePrecision',
});

/** `12,345` */
export function count(value: number): string {
  return integer.format(value);
}

/** `11.4 MB`; a MB is a million bytes. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  // What would be rounded to 1,000 goes on to the next unit.
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? count(value) : threeDigits.format(value)} ${units[unit]!}`;
}

/** `0.421 ms`, `812 ms`, `12.3 s` */
export function duration(ms: number): string {
  return ms < 999.5 ? `${threeDigits.format(ms)} ms` : `${threeDigits.format(ms / 1000)} s`;
}

/** `0.42x`, `4.21x`, `42.1x` */
export function times(ratio: number): string {
  return `${ratio < 1 ? ratio.toFixed(2) : threeDigits.format(ratio)}x`;
}

/** What a terminal would obey rather than show, or show in another place. */
const UNPRINTABLE = /\p{Cc}|\p{Zl}|\p{Zp}|\p{Bidi_Control}/gu;

/** Names of files may hold any character, also those that move the cursor. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\uFFFD');
}

/** Emojis, and the scripts of East Asia. */
const TWO_COLUMNS =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const characters = new Intl.Segmenter();

/** Leaves out the middle of what is wider than `columns`: `@esbuild/li…/bin/esbuild`. */
export function shortenMiddle(text: string, columns: number): string {
  const all = Array.from(characters.segment(text), ({ segment }) => segment);
  if (fitting(all, columns) === all.length) return text;
  const start = fitting(all, Math.floor((columns - 1) / 2));
  const end = fitting(all.toReversed(), Math.ceil((columns - 1) / 2));
  return [...all.slice(0, start), '…', ...all.slice(all.length - end)].join('');
}

/** How many of the characters have room in so many columns. */
function fitting(all: readonly string[], columns: number): number {
  let used = 0;
  const first = all.findIndex((one) => (used += TWO_COLUMNS.test(one) ? 2 : 1) > columns);
  return first === -1 ? all.length : first;
}
