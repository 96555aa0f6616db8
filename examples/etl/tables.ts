/** What orders are looked up in. A real shop would load this from its database when the program starts. */

export interface Country {
  readonly name: string;
  readonly region: 'EU' | 'Europe' | 'America' | 'Asia' | 'Oceania';
  /** Value added tax that prices include, in percent. */
  readonly vat: number;
}

export interface Tables {
  /** By ISO 3166 code. */
  readonly countries: Readonly<Record<string, Country>>;
  /** Euros for one unit of a currency, by ISO 4217 code. */
  readonly rates: Readonly<Record<string, number>>;
  /** Key of the hash that takes the place of an e-mail address: without it, addresses could be guessed. */
  readonly secret: string;
}

export function loadTables(secret: string): Tables {
  return { countries: COUNTRIES, rates: RATES, secret };
}

const COUNTRIES: Tables['countries'] = {
  AT: { name: 'Austria', region: 'EU', vat: 20 },
  AU: { name: 'Australia', region: 'Oceania', vat: 10 },
  BE: { name: 'Belgium', region: 'EU', vat: 21 },
  CA: { name: 'Canada', region: 'America', vat: 5 },
  CH: { name: 'Switzerland', region: 'Europe', vat: 8.1 },
  CZ: { name: 'Czechia', region: 'EU', vat: 21 },
  DE: { name: 'Germany', region: 'EU', vat: 19 },
  DK: { name: 'Denmark', region: 'EU', vat: 25 },
  ES: { name: 'Spain', region: 'EU', vat: 21 },
  FI: { name: 'Finland', region: 'EU', vat: 25.5 },
  FR: { name: 'France', region: 'EU', vat: 20 },
  GB: { name: 'United Kingdom', region: 'Europe', vat: 20 },
  IE: { name: 'Ireland', region: 'EU', vat: 23 },
  IT: { name: 'Italy', region: 'EU', vat: 22 },
  JP: { name: 'Japan', region: 'Asia', vat: 10 },
  NL: { name: 'Netherlands', region: 'EU', vat: 21 },
  NO: { name: 'Norway', region: 'Europe', vat: 25 },
  NZ: { name: 'New Zealand', region: 'Oceania', vat: 15 },
  PL: { name: 'Poland', region: 'EU', vat: 23 },
  PT: { name: 'Portugal', region: 'EU', vat: 23 },
  SE: { name: 'Sweden', region: 'EU', vat: 25 },
  US: { name: 'United States', region: 'America', vat: 0 },
};

const RATES: Tables['rates'] = {
  AUD: 0.56,
  CAD: 0.62,
  CHF: 1.07,
  CZK: 0.041,
  DKK: 0.134,
  EUR: 1,
  GBP: 1.15,
  JPY: 0.0056,
  NOK: 0.085,
  NZD: 0.5,
  PLN: 0.236,
  SEK: 0.091,
  USD: 0.86,
};
