/** Makes up orders of a web shop, as lines of NDJSON: the same for the same options. */
import { loadTables } from './tables.js';

export interface GenerateOptions {
  /** Bytes, at least: the line that reaches them is the last one. */
  readonly size: number;
  /** An integer. */
  readonly seed: number;
  /** The share of lines that are no valid order, from 0 to 1. */
  readonly bad: number;
}

/** Bytes that are given at once, about. */
const CHUNK = 65_536;

export function* generateOrders({ size, seed, bad }: GenerateOptions): Generator<Buffer> {
  const random = randomNumbers(seed);
  let lines = '';
  let number = 0;
  for (let left = size; left > 0;) {
    const line = orderLine(++number, random);
    lines += `${random() < bad ? spoilt(line, random) : line}\n`;
    // Most characters are one byte, so this is never too much.
    if (lines.length < Math.min(CHUNK, left)) continue;
    const chunk = Buffer.from(lines);
    left -= chunk.length;
    lines = '';
    yield chunk;
  }
}

type Random = () => number;

const NAMES =
  'Ana Bruno Chloé Dmitri Emma Grzegorz Ingrid José Kaoru Lars Maëlle Nuria Øyvind Zoë'.split(' ');
const FAMILIES =
  'Müller Smith Dubois García Rossi Novák Jensen Kowalski 佐藤 Nguyen Svensson'.split(' ');
const DOMAINS = ['example.com', 'mail.example.org', 'post.example.net'];
const { countries, rates } = loadTables('');
const COUNTRIES = Object.keys(countries);
const CURRENCIES = Object.keys(rates);
const THE_YEAR_2026 = Date.UTC(2026, 0);
const YEAR = 365 * 24 * 3600 * 1000;

function orderLine(number: number, random: Random): string {
  const upTo = (end: number): number => Math.floor(random() * end);
  const anyOf = (list: readonly string[]): string => list[upTo(list.length)]!;
  const [name, family] = [anyOf(NAMES), anyOf(FAMILIES)];
  const items = Array.from({ length: 1 + upTo(4) }, () => ({
    sku: `SKU-${10_000 + upTo(90_000)}`,
    quantity: 1 + upTo(3),
    price: (1 + random() * 200).toFixed(2),
  }));
  return JSON.stringify({
    id: `order-${String(number).padStart(9, '0')}`,
    placed: new Date(THE_YEAR_2026 + upTo(YEAR)).toISOString(),
    customer: { name: `${name}  ${family}`, email: `Customer.${upTo(500_000)}@${anyOf(DOMAINS)}` },
    // As if several shops sent them, each in its own way.
    country: random() < 0.5 ? anyOf(COUNTRIES) : anyOf(COUNTRIES).toLowerCase(),
    currency: anyOf(CURRENCIES),
    items,
  });
}

/** What goes wrong in real files: lines cut off, fields of another kind or missing, codes that nobody knows. */
const SPOIL: readonly ((line: string) => string)[] = [
  (line) => line.slice(0, line.length / 2),
  (line) => line.replace('"price":"', '"price":"EUR '),
  (line) => line.replace(/"country":"\w+"/, '"country":"XX"'),
  (line) => line.replace('@', ' at '),
  (line) => line.replace(/"items":.*/, '"items":[]}'),
  (line) => line.replace(/"placed":"\d+-\d+-\d+/, '"placed":"2026-02-30'),
];

function spoilt(line: string, random: Random): string {
  return SPOIL[Math.floor(random() * SPOIL.length)]!(line);
}

/** Mulberry32: a few lines, and even enough for made-up orders. Not for secrets. */
function randomNumbers(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
