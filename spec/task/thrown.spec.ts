import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { runInNewContext } from 'node:vm';
import { fromWire, toWire } from '../../lib/task/thrown.js';

/** There and back, as between two threads. */
function travel(thrown: unknown): unknown {
  return fromWire(structuredClone(toWire(thrown)));
}

class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly status: number,
    readonly body: object,
  ) {
    super(`HTTP ${status}`);
  }
}

describe('what a function throws', () => {
  it.each([Error, TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError])(
    'keeps its class when it is the language’s own: %p',
    (type) => {
      const error = new type('message');
      const arrived = travel(error) as Error;
      expect(arrived).toBeInstanceOf(type);
      expect(arrived.constructor).toBe(type);
      expect(arrived).toMatchObject({ name: type.name, message: 'message' });
    },
  );

  it('keeps the stack of where it was thrown', () => {
    const error = new Error('message');
    expect((travel(error) as Error).stack).toBe(error.stack);
  });

  it('keeps code and other own properties', () => {
    const error = Object.assign(new Error('gone'), {
      code: 'ENOENT',
      errno: -2,
      path: '/a',
      at: { row: 3 },
    });
    expect(travel(error)).toMatchObject({ code: 'ENOENT', errno: -2, path: '/a', at: { row: 3 } });
  });

  it('keeps name and properties of a class of the user’s, on an Error', () => {
    const arrived = travel(new HttpError(404, { why: 'gone' })) as HttpError;
    expect(arrived).toBeInstanceOf(Error);
    expect(arrived).toMatchObject({
      name: 'HttpError',
      message: 'HTTP 404',
      status: 404,
      body: { why: 'gone' },
    });
    expect(String(arrived)).toBe('HttpError: HTTP 404');
  });

  it('keeps the chain of causes', () => {
    const error = new Error('outer', { cause: new TypeError('inner', { cause: 'root' }) });
    const arrived = travel(error) as Error;
    expect(arrived.cause).toBeInstanceOf(TypeError);
    expect(arrived.cause).toMatchObject({ message: 'inner', cause: 'root' });
  });

  it('tells a cause of undefined from none', () => {
    expect('cause' in (travel(new Error('none')) as Error)).toBe(false);
    expect('cause' in (travel(new Error('some', { cause: undefined })) as Error)).toBe(true);
  });

  it('keeps causes that form a cycle', () => {
    const error = new Error('a');
    error.cause = new Error('b', { cause: error });
    const arrived = travel(error) as Error;
    expect((arrived.cause as Error).message).toBe('b');
    expect((arrived.cause as Error).cause).toBe(arrived);
  });

  it('keeps the errors of an AggregateError', () => {
    const error = new AggregateError([new RangeError('one'), 'two'], 'both');
    const arrived = travel(error) as AggregateError;
    expect(arrived).toBeInstanceOf(AggregateError);
    expect(arrived.errors[0]).toBeInstanceOf(RangeError);
    expect(arrived.errors[1]).toBe('two');
  });

  it('keeps a property named errors of any other error', () => {
    const error = Object.assign(new Error('invalid'), { errors: [{ field: 'name' }] });
    expect(travel(error)).toMatchObject({ errors: [{ field: 'name' }] });
  });

  it('keeps a DOMException', () => {
    const arrived = travel(new DOMException('enough', 'AbortError')) as DOMException;
    expect(arrived).toBeInstanceOf(DOMException);
    expect([arrived.name, arrived.message]).toEqual(['AbortError', 'enough']);
  });

  it.each(['text', 0, null, undefined, { plain: 1 }, [1, 2]])('arrives as it is: %p', (thrown) => {
    expect(travel(thrown)).toEqual(thrown);
  });

  it('tells of what cannot travel, and keeps the rest', () => {
    const error = Object.assign(new Error('partly'), {
      code: 'E',
      retry: () => {},
      sockets: [Symbol('s')],
    });
    expect(travel(error)).toMatchObject({
      code: 'E',
      retry: '[not copied: function retry]',
      sockets: ['[not copied: Symbol(s)]'],
    });
  });

  it('replaces no more of a property than cannot travel', () => {
    const request = { url: '/a', agent: { name: 'a', sockets: new WeakMap(), send() {} } };
    const table = new Map([['k', function save() {}]]);
    expect(travel(Object.assign(new Error('partly'), { request, table }))).toMatchObject({
      request: {
        url: '/a',
        agent: {
          name: 'a',
          sockets: '[not copied: it is a WeakMap]',
          send: '[not copied: function send]',
        },
      },
      table: new Map([['k', '[not copied: function save]']]),
    });
  });

  class Poisoned {
    dose = 1;
  }

  it.each([
    ['a function', function save() {}, '[not copied: function save]'],
    [
      'a function whose name is no text',
      Object.defineProperty(() => {}, 'name', { value: 5 }),
      '[not copied: function (anonymous)]',
    ],
    ['a class', Poisoned, '[not copied: function Poisoned]'],
    ['a symbol', Symbol('s'), '[not copied: Symbol(s)]'],
    ['a promise', Promise.resolve(), '[not copied: it is a Promise]'],
  ])('tells of %s that was thrown', (_, thrown, note) => {
    expect(travel(thrown)).toBe(note);
  });

  it.each([
    ['is frozen', Object.freeze({ a: 1 }), { a: 1 }],
    ['is an instance of a class', new Poisoned(), { dose: 1 }],
  ])('keeps the properties of an object that %s', (_, thrown, arrived) => {
    expect(travel(thrown)).toEqual(arrived);
  });

  it('reads an error through a Proxy', () => {
    const arrived = travel(new Proxy(new TypeError('behind'), {}));
    expect(arrived).toBeInstanceOf(TypeError);
    expect(arrived).toMatchObject({ message: 'behind' });
  });

  it('survives a Proxy that refuses everything', () => {
    const refuse = (): never => {
      throw new Error('keep out');
    };
    const handler = { get: refuse, getPrototypeOf: refuse, ownKeys: refuse };
    expect(travel(new Proxy({}, handler))).toBe(
      '[not copied: it throws when it is read: keep out]',
    );
    expect(travel(new Proxy(new Error('x'), handler))).toBe(
      '[not copied: it throws when it is read: keep out]',
    );
  });

  it('survives getters that throw', () => {
    const error = new Error('shy');
    for (const key of ['stack', 'name', 'code', 'cause', 'message']) {
      Object.defineProperty(error, key, {
        enumerable: true,
        get() {
          throw new Error('no');
        },
      });
    }
    expect(travel(error)).toMatchObject({
      name: 'Error',
      message: 'it throws when it is read: no',
      stack: 'Error: it throws when it is read: no',
      code: '[not copied: it throws when it is read: no]',
      cause: '[not copied: it throws when it is read: no]',
    });
  });

  it('shows name, stack and cause to no loop over its properties', () => {
    const arrived = travel(new HttpError(1, {})) as object;
    expect(Object.keys(arrived).sort()).toEqual(['body', 'status']);
  });

  it('reads the getters of the user’s own classes', () => {
    class Status extends HttpError {
      get isFinal(): boolean {
        return this.status === 404;
      }
      get secret(): never {
        throw new Error('no');
      }
    }
    expect(travel(new Status(404, {}))).toMatchObject({
      isFinal: true,
      secret: '[not copied: it throws when it is read: no]',
    });
  });

  it('keeps errors anywhere in the properties, with theirs', () => {
    const inner = Object.assign(new TypeError('inner'), { code: 'E_INNER' });
    const arrived = travel(Object.assign(new Error('outer'), { tries: [{ error: inner }] })) as {
      tries: { error: TypeError }[];
    };
    expect(arrived.tries[0]!.error).toBeInstanceOf(TypeError);
    expect(arrived.tries[0]!.error).toMatchObject({ message: 'inner', code: 'E_INNER' });
  });

  it('keeps data that structured clone knows', () => {
    const data = {
      date: new Date(0),
      bytes: new Uint8Array([1]),
      map: new Map([[{ key: 1 }, { a: [] }]]),
      set: new Set(['a', { b: 1 }]),
    };
    expect(travel(Object.assign(new Error('x'), data))).toMatchObject(data);
  });

  it('keeps cycles among the properties', () => {
    const node: { self?: object; list: object[] } = { list: [] };
    node.self = node;
    node.list.push(node.list);
    const { node: arrived } = travel(Object.assign(new Error('x'), { node })) as {
      node: typeof node;
    };
    expect(arrived.self).toBe(arrived);
    expect(arrived.list[0]).toBe(arrived.list);
  });

  it.each<[string, string, () => unknown]>([
    ['a system call', 'Error', () => readFileSync('/does/not/exist')],
    ['the system', 'SystemError', () => setPriority(2 ** 30, 0)],
    ['an assertion', 'AssertionError', () => assert.deepEqual({ a: 1 }, { a: 2 })],
    ['a wrong argument', 'TypeError', () => Buffer.alloc('x' as never)],
    ['a wrong URL', 'TypeError', () => new URL('nowhere')],
    ['another realm', 'TypeError', () => runInNewContext('null.a') as unknown],
    ['the parser', 'SyntaxError', () => JSON.parse('{') as unknown],
  ])('keeps all that Node’s own errors tell: of %s', (_, name, fail) => {
    let error = new Error('it did not fail');
    try {
      fail();
    } catch (thrown) {
      error = thrown as Error;
    }
    const arrived = travel(error) as Error;
    expect(arrived).toBeInstanceOf(Error);
    expect(arrived.name).toBe(name);
    for (const key of ['name', 'message', 'stack', ...Object.keys(error)] as (keyof Error)[]) {
      expect([key, arrived[key]]).toEqual([key, error[key]]);
    }
  });

  it('keeps the classes of errors of another realm', () => {
    const arrived = travel(
      runInNewContext('new RangeError("far", { cause: new URIError("away") })'),
    );
    expect(arrived).toBeInstanceOf(RangeError);
    expect((arrived as Error).cause).toBeInstanceOf(URIError);
  });

  it.each([
    [{ a: 1 }, '{"a":1}'],
    [7, '7'],
    [null, ''],
    [Symbol('s'), 'Symbol(s)'],
  ])('makes text of a message that is %p', (message, text) => {
    expect(travel(Object.assign(new Error(), { message }))).toMatchObject({ message: text });
  });

  it('has a stack that is text, whatever it was', () => {
    const error = Object.assign(new TypeError('odd'), { stack: [1, 2] });
    expect(travel(error)).toMatchObject({ stack: 'TypeError: odd' });
  });

  it('can be printed, whichever methods were put on it', () => {
    const error = Object.assign(new Error('x'), { toString: () => 'own', toJSON: () => ({}) });
    const arrived = travel(error) as Error;
    expect(String(arrived)).toBe('Error: x');
    expect(JSON.stringify(arrived)).toContain('[not copied: function toJSON]');
  });

  it('ends a chain of causes that is too deep to be cloned', () => {
    let error = new Error('root');
    for (let nth = 0; nth < 10_000; nth++) error = new Error(`${nth}`, { cause: error });
    let arrived = travel(error) as Error;
    while (arrived.cause instanceof Error) arrived = arrived.cause;
    expect(arrived.cause).toBe('[not copied: it is nested too deeply]');
  });

  it('keeps what is near when the error refers to half of the process', () => {
    const sockets = Array.from({ length: 5000 }, () => ({ buffers: [{}] }));
    const error = Object.assign(new Error('x'), { sockets, response: { status: 503 } });
    const arrived = travel(error) as { sockets: unknown[]; response: object };
    expect(arrived.response).toEqual({ status: 503 });
    expect(arrived.sockets.at(-1)).toBe('[not copied: the error refers to too many objects]');
  });
});
