import { whyUncloneable } from '../../lib/task/whyUncloneable.js';

describe('whyUncloneable', () => {
  it.each([
    ['a function', () => {}, 'it is a function'],
    ['a symbol', Symbol('s'), 'it is a symbol'],
    ['a method in an object', { user: { save() {} } }, 'it.user.save is a function'],
    ['an item of an array', [1, [2, () => {}]], 'it[1][1] is a function'],
    ['a key that is no identifier', { 'a b': () => {} }, 'it["a b"] is a function'],
    ['a value in a Map', new Map([['k', { f: () => {} }]]), 'it.get("k").f is a function'],
    ['a key of a Map', new Map([[() => {}, 1]]), 'it.keys()[0] is a function'],
    ['a member of a Set', new Set([1, () => {}]), 'it.values()[1] is a function'],
    [
      'the cause of an error',
      { e: new Error('x', { cause: [() => {}] }) },
      'it.e.cause[0] is a function',
    ],
    ['a promise', { p: Promise.resolve() }, 'it.p is a Promise'],
    ['a weak map', [new WeakMap()], 'it[0] is a WeakMap'],
    [
      'a port that is not transferred',
      { port: new MessageChannel().port1 },
      'it.port is a MessagePort',
    ],
  ])('names the path of %s', (_, value, message) => {
    expect(whyUncloneable(value, 'it')).toBe(message);
    if (typeof value === 'object' && 'port' in value) value.port.close();
  });

  it('names the shortest path of several', () => {
    expect(whyUncloneable({ deep: { f: () => {} }, g: () => {} }, 'it')).toBe('it.g is a function');
  });

  it('finds its way through cycles', () => {
    const node: Record<string, unknown> = {};
    node['self'] = node;
    node['f'] = () => {};
    expect(whyUncloneable(node, 'it')).toBe('it.f is a function');
  });

  it('names a getter that throws', () => {
    const shy = {
      get secret(): never {
        throw new Error('no getter for you');
      },
    };
    expect(whyUncloneable([shy], 'it')).toBe(
      'it[0].secret throws when it is read: no getter for you',
    );
  });

  it.each([1, { c: 1 }])('names a Proxy, though all that it shows can be cloned: %p', (content) => {
    expect(whyUncloneable({ a: [1, new Proxy({ b: content }, {})] }, 'it')).toBe(
      'it.a[1] is an Object that cannot be cloned, such as a Proxy',
    );
  });

  it('names what it may not look into', () => {
    const refuse = (): never => {
      throw new Error('keep out');
    };
    const proxy = new Proxy({}, { ownKeys: refuse });
    expect(whyUncloneable({ a: [proxy] }, 'it')).toBe('it.a[0] throws when it is read: keep out');
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(whyUncloneable({ revoked }, 'it')).toMatch(
      /^it\.revoked throws when it is read: .*revoked/,
    );
  });

  it('names an error that is a part of its own cause, which is written but cannot be read', () => {
    const error = new Error('self');
    error.cause = [{ error }];
    expect(whyUncloneable({ list: [error] }, 'it')).toBe(
      'it.list[0] is an error that is its own cause',
    );
    expect(whyUncloneable({ list: [error], f: () => 1 }, 'it')).toBe('it.f is a function');
  });

  it('shortens a long path', () => {
    let value: object = { f: () => {} };
    for (let depth = 0; depth < 1000; depth++) value = { a: value };
    const why = whyUncloneable(value, 'it')!;
    expect(why).toMatch(/^it\.a\.a\.a.*\.a … \.a.*\.a\.a\.f is a function$/);
    expect(why.length).toBeLessThan(350);
  });

  it('names memory that was transferred before', () => {
    const pixels = new Uint8Array(8);
    structuredClone(pixels, { transfer: [pixels.buffer] });
    const gone = 'memory that was transferred before, and is not here any more';
    expect(whyUncloneable({ pixels }, 'it')).toBe(`it.pixels is ${gone}`);
    expect(whyUncloneable(pixels.buffer, 'it')).toBe(`it is ${gone}`);
  });

  it('tells of a value that is nested too deeply', () => {
    let value: object = {};
    for (let depth = 0; depth < 100_000; depth++) value = [value];
    expect(whyUncloneable(value, 'it')).toBe('it is nested too deeply');
  });

  it('names the place in an array with holes and names', () => {
    const sparse: unknown[] = [];
    sparse[1e6] = () => {};
    expect(whyUncloneable(sparse, 'it')).toBe('it[1000000] is a function');
    expect(whyUncloneable(Object.assign([1], { f: () => {} }), 'it')).toBe('it.f is a function');
  });

  it.each([
    1,
    'a',
    null,
    undefined,
    new Date(),
    new Map([[1, { a: [] }]]),
    /re/,
    new Uint8Array(2),
  ])('has nothing against %p', (value) => {
    expect(whyUncloneable(value, 'it')).toBeUndefined();
  });
});
