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
      retry: '[not copied: it is a function]',
      sockets: '[not copied: it[0] is a symbol]',
    });
    expect(travel(() => {})).toBe('[not copied: it is a function]');
  });

  it('survives getters that throw', () => {
    const error = new Error('shy');
    for (const key of ['stack', 'name', 'code', 'cause']) {
      Object.defineProperty(error, key, {
        enumerable: true,
        get() {
          throw new Error('no');
        },
      });
    }
    expect(travel(error)).toMatchObject({ name: 'Error', message: 'shy', code: undefined });
  });

  it('shows name, stack and cause to no loop over its properties', () => {
    const arrived = travel(new HttpError(1, {})) as object;
    expect(Object.keys(arrived).sort()).toEqual(['body', 'status']);
  });
});
