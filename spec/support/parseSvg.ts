/** Reads SVG as strictly as a browser that is handed a file: what is not well-formed throws. */
import { DOMParser, type Document, type Element } from '@xmldom/xmldom';

// The parser lets both pass.
const NO_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos);)/;

export function parseSvg(text: string): Document {
  if (BARE_AMPERSAND.test(text)) throw new Error('& has to be written as &amp;');
  const [illegal] = NO_CHARACTER.exec(text) ?? [];
  if (illegal !== undefined)
    throw new Error(`U+${illegal.codePointAt(0)!.toString(16)} is not for XML`);
  const onError = (level: string, message: string): void => {
    // Such a name may be.
    if (message.startsWith('Unicode replacement character')) return;
    throw new Error(`${level}: ${message}`);
  };
  return new DOMParser({ onError }).parseFromString(text, 'image/svg+xml');
}

/** Elements by their name, in the order of the file. */
export function all(within: Document | Element, name: string): Element[] {
  return Array.from(within.getElementsByTagName(name));
}

export function textsOf(within: Document | Element, name: string): string[] {
  return all(within, name).map((element) => element.textContent ?? '');
}
