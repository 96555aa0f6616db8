/** Writes elements of SVG: what is text is escaped, numbers are short. */
import { cut } from '../formats.js';

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** @param content markup: what is read is written with `label` and `tooltip` */
export function tag(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escape(value!)}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** What is written in the picture. */
export function label(attributes: Attributes, text: string): string {
  return tag('text', attributes, escape(text));
}

/** What a screen reader says, and a browser shows beside the pointer. */
export function tooltip(text: string): string {
  return `<title>${escapeLines(text)}</title>`;
}

function escape(text: string): string {
  return cut(text, Infinity)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function escapeLines(text: string): string {
  return text.split('\n').map(escape).join('\n');
}

/** To a tenth of a pixel. */
export function short(amount: number): string {
  return String(Math.round(amount * 10) / 10);
}
