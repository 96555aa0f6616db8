import { analyse } from '../../lib/analysis/findCaptures.js';
import { isPlain } from '../../lib/task/isPlain.js';

describe('a function is plain', () => {
  it.each([
    '(x) => x * 2',
    'x => x + 1',
    'async (x) => x',
    '(x, _index, context) => context.shared.factor * x',
    '(x) => Math.sqrt(x)',
    '(x) => { const y = x * 2; return y > 1e6 ? null : y }',
    'function double(x) { return 2 * x }',
    'function f(x) { const index = x; let y = index; return y }',
    'async (x) => { const y = await x; return y }',
    '() => { throw new Error() }',
  ])('%s', (source) => {
    expect(isPlain(source)).toBe(true);
    expect(analyse(source)!.captures).toEqual([]);
  });
});

describe('a function is not plain', () => {
  it.each([
    '(x) => x * factor',
    '(x) => [...rest]',
    '(x) => x.#secret',
    '(x) => this.factor',
    '(x) => `${factor}`',
    "(x) => import('./x.js')",
    '(x) => import.meta',
    '(x, y = factor) => y',
    '(x) => new.target',
    '(x) => factor.x',
    '(x) => größe',
    '(x) => { { let y = x; } return y }',
    '(x) => { for (let y = x; ; ) x; return y }',
    '(x) => { { var z = 1 } return xs.map((y) => y) }',
    'function f(x) { { let y = x } return y }',
    'function f(x) {{ let y = x } return y }',
    'asyncResult => Result',
    '(x) => async.map(x)',
    '(x) => await(x)',
    'async => await',
    '(x) => let',
    'function f(x) { return let in x }',
    'function f(x) { return let }',
    'function f(x) { return 1 + let\ny }',
    '(x) => { x.let\nfactor }',
    'm(x) { return x }',
    'functional(x) { return x }',
    'asyncfunction(x) { return x }',
    'class { x }',
    'function f(x) { return arguments }',
    'function f(x) { return super.x }',
  ])('%s', (source) => {
    expect(isPlain(source)).toBe(false);
  });
});
