/** Functions in every shape that the language has, on real workers: each is run. */
import { createPool, type Pool } from '../../lib/index.js';

let pool: Pool;
beforeAll(() => {
  pool = createPool({ size: 1 });
});
afterAll(() => pool.destroy());

type NumberToNumber = (
  x: number,
  index: number,
  context: unknown,
  ...rest: number[]
) => number | Promise<number>;

const methodOf = (object: object, key: PropertyKey): NumberToNumber =>
  Reflect.get(object, key) as NumberToNumber;

const compiled = (source: string): NumberToNumber => eval(source) as NumberToNumber;

class Holder {
  static twice(x: number): number {
    return x * 2;
  }
  static async later(x: number): Promise<number> {
    return x * 2;
  }
  static #hidden(x: number): number {
    return x * 2;
  }
  static get hidden(): unknown {
    return Object.values({ it: this.#hidden })[0];
  }
  twice(x: number): number {
    return x * 2;
  }
}

const key = Symbol('key');
const name = 'computed';

const object = {
  twice(x: number): number {
    return x * 2;
  },
  async later(x: number): Promise<number> {
    return x * 2;
  },
  async(x: number): number {
    return x * 2;
  },
  get(x: number): number {
    return x * 2;
  },
  'not a name'(x: number): number {
    return x * 2;
  },
  42(x: number): number {
    return x * 2;
  },
  [name](x: number): number {
    return x * 2;
  },
  ['a' + '1'](x: number): number {
    return x * 2;
  },
  [key](x: number): number {
    return x * 2;
  },
  get getter(): NumberToNumber {
    return (x) => x * 2;
  },
};

const accessor = Object.getOwnPropertyDescriptor(
  {
    get four(): number {
      return 4;
    },
  },
  'four',
)!;

describe('an inline function runs as it was written', () => {
  it.each<[string, NumberToNumber]>([
    ['an arrow function', (x) => x * 2],
    ['an async arrow function', async (x) => x * 2],
    [
      'a function',
      function (x) {
        return x * 2;
      },
    ],
    [
      'a function that calls itself',
      function twice(x: number): number {
        return x > 0 ? 2 + twice(x - 1) : 0;
      },
    ],
    ['defaults', (x, _index, _context, y = x, z = y) => x + z - (y - x)],
    ['a method', methodOf(object, 'twice')],
    ['an async method', methodOf(object, 'later')],
    ['a method named async', methodOf(object, 'async')],
    ['a method named get', methodOf(object, 'get')],
    ['a method whose name is a text', methodOf(object, 'not a name')],
    ['a method whose name is a number', methodOf(object, 42)],
    ['a method whose name is computed', methodOf(object, name)],
    ['a method whose name is computed from an expression', methodOf(object, 'a1')],
    ['a method whose name is a symbol', methodOf(object, key)],
    ['what a getter gives', methodOf(object, 'getter')],
    ['a getter itself', methodOf(accessor, 'get')],
    ['a method of a class', methodOf(new Holder(), 'twice')],
    ['a static method', methodOf(Holder, 'twice')],
    ['a static async method', methodOf(Holder, 'later')],
    ['a private method', methodOf(Holder, 'hidden')],
    ['what eval made', compiled('(x) => x * 2')],
    ['what new Function made', compiled(`new Function('x', 'return x * 2')`)],
    ['a sloppy function', compiled(`new Function('x', 'with ({ y: 2 }) { return x * y }')`)],
    ['a function with comments', compiled('/* a */ (/* b */ x) => /* c */ x * 2 // d')],
    [
      'a function that is a thousand times as long',
      compiled(`(x) => { ${'x += 1; x -= 1;\n'.repeat(10_000)} return x * 2 }`),
    ],
    ['its own toString', Object.assign((x: number) => x * 2, { toString: () => 'no' })],
    [
      'a class inside it',
      (x) =>
        new (class {
          #two = 2;
          twice(y: number): number {
            return y * this.#two;
          }
        })().twice(x),
    ],
    // From a text, since Jest's compiler makes `require` of an import().
    ['a part of Node', compiled("async (x) => (await import('node:path')).sep ? x * 2 : 0")],
    ['a check for what is not there', (x) => (typeof document === 'undefined' ? x * 2 : document)],
    ['names in any script', (größe) => größe * 2],
  ])('%s', async (_, fn) => {
    expect(await pool.run(fn, 2)).toBe(4);
  });

  it('destructured parameters', async () => {
    const fn = ({ a, b: [c = 3] }: { a: number; b: number[] }): number => a + c;
    expect(await pool.run(fn, { a: 1, b: [] })).toBe(4);
  });

  it('an import that is not found from the worker’s file is told with the remedy', async () => {
    const fn = compiled("async (x) => (await import('./not' + '-there.js')).twice(x)");
    await expect(pool.run(fn, 2)).rejects.toMatchObject({
      name: 'TaskError',
      message: expect.stringMatching(
        /^Element 0 failed: Error: Cannot find module .* In an inline function, import\(\) looks for .* option shared/s,
      ) as string,
    });
  });

  it('also where a program changed how functions become text', async () => {
    const changed = jest.spyOn(Function.prototype, 'toString').mockReturnValue('changed');
    const result = pool.run(compiled('(x) => `${x * 2}`'), 2);
    changed.mockRestore();
    expect(await result).toBe('4');
  });

  it('what eval could not show is told with the remedy when it fails', async () => {
    const failed = pool.run(() => eval('missing') as unknown, 0);
    await expect(failed).rejects.toMatchObject({
      name: 'TaskError',
      message: expect.stringMatching(
        /^Element 0 failed: ReferenceError: missing is not defined\. An inline function travels .* option shared/,
      ) as string,
    });
  });
});

declare const document: number;
