import { analyse } from '../../lib/analysis/findCaptures.js';

/** The names that a function captures, in the order of its source. */
function namesIn(source: string): string[] | undefined {
  return analyse(source)?.captures.map(({ name }) => name);
}

describe('a function captures nothing', () => {
  it.each([
    ['its parameters', '(x, y) => x * y'],
    ['a lone parameter', 'x => x'],
    ['defaults that use earlier parameters', '(a, b = a) => b'],
    ['what it takes apart', '({ a, b: { c = a } }, [d, ...e], ...f) => [a, c, d, e, f]'],
    ['its own name', 'function f(x) { return x > 0 ? f(x - 1) : 0 }'],
    ['its own name in a default', 'function f(x = f) { return x }'],
    ['what it declares', '(x) => { const a = x; let b = a; var c = b; return c }'],
    ['what is declared further down', '(x) => { return later(x); function later(y) { return y } }'],
    ['a name that hides that of a global', '(x) => { const Map = x; return Map }'],
    ['labels', '(x) => { outer: for (;;) { break outer } }'],
    ['what it catches', '() => { try { } catch ({ message }) { return message } }'],
    ['a catch without a name', '() => { try { } catch { return 0 } }'],
    [
      'classes with fields, private names and parents',
      '() => { class A { #p = 1; q = this.#p; static s = this; static { this.t = 1 } } ' +
        'return class extends A { m() { return super.q + new.target } get g() { return #x in this } #x } }',
    ],
    ['names of properties', '(x) => ({ a: x.b, c() {}, get d() { return 1 } }).e?.f?.[0]'],
    ['functions inside it', '(x) => ((y) => y + x)(x)'],
    [
      '`this` and `arguments` of a function inside it',
      '() => function () { return [this.a, arguments] }',
    ],
    ['its own `arguments`', 'function () { return arguments[0] }'],
    ['its own `new.target`', 'function () { return new.target }'],
    ['templates', '(x) => `${x} and ${`${x}`}`'],
    ['a package that it imports', "async (x) => (await import('node:zlib')).gzipSync(x)"],
    ['`await` and `for await`', 'async (xs) => { for await (const x of xs) await x }'],
    ['resources', 'async (x) => { using a = x; await using b = a }'],
    ['an assignment that names what it assigns', '(x) => { x ||= 1; x ??= 2; [x] = [3] }'],
    ['what an `eval` names', "() => eval('anything')"],
    ['what a `with` names', 'function (x) { with (x) { return anything } }'],
    ['what a `new Function` names', "() => new Function('return anything')()"],
    ['a name that it asks `typeof` for', "() => typeof window !== 'undefined' ? window.x : 0"],
    ['globals', '() => [console, process, Buffer, fetch, URL, undefined, NaN, globalThis, Intl]'],
    ['what all objects have', '() => toString()'],
    ['the helper `__name`, which workers know', '() => __name(() => 1, "f")'],
    ['`async` as a name', 'async => async + 1'],
    ['"use strict"', 'function () { "use strict"; return 1 }'],
    ['comments around it', '/* a */ function /* b */ f(/* c */) { /* d */ } // e'],
    ['what looks like HTML', 'function (x) { return x <!-- y\n }'],
    ['names in any script', '(größe, 𝒳) => größe * 𝒳'],
    ['the flags of a regular expression', '(x) => /[a&&b]/v.test(x)'],
  ])('%s', (_, source) => {
    expect(namesIn(source)).toEqual([]);
  });
});

describe('a function captures', () => {
  it.each([
    ['a variable', '(x) => x * factor', ['factor']],
    ['variables in their order, each once', '(x) => b + a + b', ['b', 'a']],
    ['in defaults', '(x, y = fallback) => x', ['fallback']],
    ['in what it takes apart', '({ a = b, [key]: c }) => 1', ['b', 'key']],
    ['in a short property', '(x) => ({ factor })', ['factor']],
    [
      'what it assigns',
      '() => { count = 1; total++; ({ rest } = {}) }',
      ['count', 'total', 'rest'],
    ],
    ['in a template, and its tag', '() => tag`${inside}`', ['tag', 'inside']],
    [
      'in functions and classes inside it',
      '() => { class A extends B { [k] = v } }',
      ['B', 'k', 'v'],
    ],
    ['what only an inner block declares', '(x) => { { let y } return y }', ['y']],
    ['the options of an import', '(x) => import(x, { with: options })', ['options']],
    ['names in any script', '() => größe + 𝒳', ['größe', '𝒳']],
    ['`this` of what is around', '() => this.factor', ['this']],
    [
      '`this` in a computed name of a class inside it',
      '() => class { [this.a] = this.b }',
      ['this'],
    ],
    ['`arguments` of what is around', '() => arguments[0]', ['arguments']],
    ['`new.target` of what is around', '() => new.target', ['new.target']],
    ['`super` of what is around', '() => super.m()', ['super']],
    ['`super` of a method', 'm(x) { return super.m(x) }', ['super']],
    ['`this` of a method', 'm(x) { return this.factor * x }', ['this']],
    [
      '`this` of a function',
      'function (x) { const { factor } = this; return factor * x }',
      ['this'],
    ],
    ['private names', '(x) => #secret in x && x.#other', ['#secret', '#other']],
    ['`import.meta`', '() => import.meta.url', ['import.meta']],
    [
      'relative imports',
      "async () => [await import('./a.js'), await import('#b')]",
      ["import('./a.js')", "import('#b')"],
    ],
    [
      'what CommonJS has',
      '() => [require, module, exports, __filename, __dirname]',
      ['require', 'module', 'exports', '__filename', '__dirname'],
    ],
    ['what a test runner has', '() => expect(jest.fn())', ['expect', 'jest']],
  ])('%s', (_, source, names) => {
    expect(namesIn(source)).toEqual(names);
  });

  it('not `this` where it asks whether there is one', () => {
    expect(namesIn('function () { return this ? this.a : 1 }')).toEqual([]);
  });

  it('what a program has put on the global object', () => {
    Object.assign(globalThis, { ofTheProgram: 1 });
    try {
      expect(namesIn('() => ofTheProgram')).toEqual(['ofTheProgram']);
    } finally {
      Reflect.deleteProperty(globalThis, 'ofTheProgram');
    }
  });
});

describe('what is found', () => {
  it('has its place in the source', () => {
    const source = '(x) => {\n  return x * factor;\n}';
    const { start, end } = analyse(source)!.captures[0]!;
    expect(source.slice(start, end)).toBe('factor');
  });

  it('has its place in the source of a method', () => {
    const source = 'async m(x) { return factor }';
    const { start, end } = analyse(source)!.captures[0]!;
    expect(source.slice(start, end)).toBe('factor');
  });

  it.each([
    ['() => f()', true],
    ['() => new F()', true],
    ['() => f`x`', true],
    ['(x) => x instanceof f', true],
    ['() => class extends f {}', true],
    ['() => [1].map(f)', false],
    ['() => f.g()', false],
  ])('tells what is called: %s', (source, isCalled) => {
    expect(analyse(source)!.captures[0]!.isCalled).toBe(isCalled);
  });

  it('tells which property is used', () => {
    expect(analyse('() => fs.read()')!.captures[0]!.member).toBe('read');
    expect(analyse('() => fs[0]')!.captures[0]!.member).toBeUndefined();
  });

  it('is nothing where the source is newer than the parser', () => {
    expect(analyse('(x) => x |> y')).toBeUndefined();
    expect(analyse('1 + 1')).toBeUndefined();
  });
});

describe('the source that travels', () => {
  it.each([
    ['(x) => x', '(x) => x'],
    ['m(x) { }', 'm(x) { }'],
    ['get x() { }', 'get x() { }'],
    ["['a' + 1](x) { }", 'm        (x) { }'],
    ['async *[key](x) { }', 'async *m    (x) { }'],
    ['[\nkey](x) { }', 'm\n    (x) { }'],
    ['#m(x) { }', 'm (x) { }'],
  ])('has a name that can be had anywhere: %j', (source, expected) => {
    const analysis = analyse(source)!;
    expect(analysis.source).toBe(expected);
    expect(analysis.captures).toEqual([]);
  });
});
