/** What becomes of one line: parsed, checked, and enriched from the tables; or refused with a reason. */
import { createHmac } from 'node:crypto';
import type { Tables } from './tables.js';

/** As it is written. Amounts are in hundredths, so that they add up. */
export interface Order {
  readonly id: string;
  /** ISO 8601, in UTC. */
  readonly placed: string;
  /** Stands for the e-mail address: the same for the same customer. */
  readonly customer: string;
  readonly name: string;
  readonly country: string;
  readonly countryName: string;
  readonly region: string;
  readonly pieces: number;
  readonly currency: string;
  readonly total: number;
  readonly vat: number;
  readonly totalInEuros: number;
}

/** Why a line is no order, in words that its sender understands. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** @throws Refusal */
export function readOrder(line: string, tables: Tables): Order {
  const given = parse(line);
  const { customer } = given;
  if (!isObject(customer)) throw new Refusal('customer must be an object');
  const code = textOf('country', given['country']).toUpperCase();
  const country = tables.countries[code];
  if (!country) throw new Refusal(`country is unknown: ${code}`);
  const currency = textOf('currency', given['currency']).toUpperCase();
  const rate = tables.rates[currency];
  if (rate === undefined) throw new Refusal(`currency is unknown: ${currency}`);
  const { pieces, total } = sumUp(given['items']);
  return {
    id: textOf('id', given['id']),
    placed: instantOf('placed', given['placed']),
    customer: pseudonymOf(textOf('customer.email', customer['email']), tables.secret),
    name: textOf('customer.name', customer['name']).normalize().replace(/\s+/g, ' '),
    country: code,
    countryName: country.name,
    region: country.region,
    pieces,
    currency,
    total,
    vat: Math.round((total * country.vat) / (100 + country.vat)),
    totalInEuros: Math.round(total * rate),
  };
}

type JsonObject = Readonly<Record<string, unknown>>;

function parse(line: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Refusal(`not JSON: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw new Refusal('not a JSON object');
  return value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(field: string, value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '') throw new Refusal(`${field} must be a text that is not empty`);
  return text;
}

const INSTANT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/;

function instantOf(field: string, value: unknown): string {
  const text = textOf(field, value);
  const day = INSTANT.exec(text)?.[1];
  // `Date` takes the 30th of February for the 2nd of March.
  const isDay = day !== undefined && isoOf(day)?.startsWith(day);
  const instant = isDay ? isoOf(text) : undefined;
  if (instant === undefined) throw new Refusal(`${field} must be a date, time and zone: ${text}`);
  return instant;
}

function isoOf(text: string): string | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Not all that is an address by RFC 5322: what a shop accepts. */
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/;

function pseudonymOf(email: string, secret: string): string {
  if (!EMAIL.test(email)) throw new Refusal('customer.email must be an e-mail address');
  return createHmac('sha256', secret).update(email.toLowerCase()).digest('hex');
}

function sumUp(items: unknown): { readonly pieces: number; readonly total: number } {
  if (!Array.isArray(items) || items.length === 0) {
    throw new Refusal('items must be a list that is not empty');
  }
  let pieces = 0;
  let total = 0;
  for (const [nth, item] of items.entries()) {
    if (!isObject(item)) throw new Refusal(`items[${nth}] must be an object`);
    const { quantity } = item;
    textOf(`items[${nth}].sku`, item['sku']);
    if (!Number.isInteger(quantity) || (quantity as number) < 1) {
      throw new Refusal(`items[${nth}].quantity must be an integer of at least 1`);
    }
    pieces += quantity as number;
    total += (quantity as number) * hundredthsOf(`items[${nth}].price`, item['price']);
  }
  if (!Number.isSafeInteger(total)) throw new Refusal('items add up to more than can be counted');
  return { pieces, total };
}

const PRICE = /^(\d{1,9})\.(\d\d)$/;

function hundredthsOf(field: string, value: unknown): number {
  const match = typeof value === 'string' ? PRICE.exec(value) : null;
  if (!match) throw new Refusal(`${field} must be a text such as "12.50"`);
  return Number(match[1]) * 100 + Number(match[2]);
}
