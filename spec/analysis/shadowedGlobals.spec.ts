import { analyse } from '../../lib/analysis/findCaptures.js';
import { shadowedGlobals } from '../../lib/analysis/shadowedGlobals.js';

const escape = (text: string): string => `[${text}]`;
const performance = globalThis.performance;

const namesOf = (fn: object, ...names: string[]): string[] => [...shadowedGlobals(fn, names)];

describe('a name that looks like a global', () => {
  it('is told to be a variable of the module, or of the function around', () => {
    const fetch = 5;
    expect(namesOf(() => escape(`${fetch}`), 'escape', 'fetch', 'URL')).toEqual([
      'fetch',
      'escape',
    ]);
  });

  it('is the global where it is imported from Node by the same name', () => {
    expect(namesOf(() => performance.now(), 'performance')).toEqual([]);
  });

  it('is what the innermost scope says', () => {
    const fetch = 5;
    const inner = (): object => {
      const { fetch } = globalThis;
      return () => fetch;
    };
    expect(fetch).toBe(5);
    expect(namesOf(inner(), 'fetch')).toEqual([]);
  });

  it('counts among what a function captures', () => {
    const crypto = { hash: (text: string): string => text };
    const fn = (text: string): string => crypto.hash(escape(text));
    const source = '(text) => crypto.hash(escape(text)) + URL';
    expect(analyse(source, fn)?.captures.map(({ name }) => name)).toEqual(['crypto', 'escape']);
    expect(analyse(source)?.captures).toEqual([]);
  });

  it('leaves nothing on the global object', () => {
    const before = Reflect.ownKeys(globalThis);
    namesOf(() => escape(''), 'escape');
    expect(Reflect.ownKeys(globalThis)).toEqual(before);
  });
});
