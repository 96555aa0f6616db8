import { TaskCaptureError } from '../../lib/errors.js';
import { sourceOf } from '../../lib/task/sourceOf.js';
import type { AnyFunction } from '../../lib/task/task.js';

function refusalOf(fn: AnyFunction): string {
  try {
    sourceOf(fn, 'mapArray');
  } catch (error) {
    expect(error).toBeInstanceOf(TaskCaptureError);
    return (error as Error).message;
  }
  throw new Error('It was not refused.');
}

function refuse(): never {
  throw new Error('keep out');
}

describe('the source of a function', () => {
  it('is what it was written as, whatever its own toString says', () => {
    const fn = Object.assign((x: number) => x, { toString: () => 'other' });
    expect(sourceOf(fn, 'mapArray')).toMatch(/^\(?x\)? => x$/);
  });

  it('is refused for a part of the platform, with the call to write instead', () => {
    expect(refusalOf(Math.sqrt)).toBe(
      'mapArray cannot send Math.sqrt to a worker, since it is part of the platform and has no source that could travel. ' +
        'Call it in a function: (value) => Math.sqrt(value).',
    );
    expect(refusalOf(parseInt)).toContain('(value) => parseInt(value).');
    expect(refusalOf(JSON.stringify)).toContain('(value) => JSON.stringify(value).');
    expect(refusalOf(Number)).toContain('(value) => Number(value).');
    expect(refusalOf(Date as never)).toContain('(value) => new Date(value).');
    expect(refusalOf(URL as never)).toContain('(value) => new URL(value).');
  });

  it('is that of a method, also where that is called as a class begins', () => {
    const { class: method } = eval('({ class(x) { return x } })') as { class: AnyFunction };
    expect(sourceOf(method, 'mapArray')).toBe('class(x) { return x }');
  });

  it.each([
    ['a name that cannot be read', { get: refuse }],
    ['a name that is no text', { value: Symbol('name') }],
  ])('is had, or refused with the remedy, whatever users made of it: %s', (_, name) => {
    const named = <F extends object>(fn: F): F => Object.defineProperty(fn, 'name', name);
    const tag = { get: refuse };
    expect(
      sourceOf(
        Object.defineProperty(() => 1, Symbol.toStringTag, tag),
        'mapArray',
      ),
    ).toContain('1');
    expect(refusalOf(named(eval('(class {})') as AnyFunction))).toContain('a class, (anonymous)');
    expect(refusalOf(named((() => 1).bind(null)))).toContain('is native, bound or a Proxy');
    expect(
      refusalOf(new Proxy(() => 1, { get: refuse, getOwnPropertyDescriptor: refuse })),
    ).toContain('is native, bound or a Proxy');
  });

  it('is refused for a bound function, by the name that it had before', () => {
    const scale = (x: number): number => x;
    expect(refusalOf(scale.bind(null))).toContain(
      'Hand over scale itself, and what it was bound to as the option shared',
    );
    expect(refusalOf((() => 1).bind(null))).toContain('Hand over the function itself');
  });

  it('is refused for a Proxy', () => {
    expect(refusalOf(new Proxy(() => 1, {}))).toContain('is native, bound or a Proxy');
  });

  it('is refused for a class', () => {
    class Example {
      value = 1;
    }
    expect(refusalOf(Example as never)).toContain(
      'got a class, Example, which cannot be called without new',
    );
  });

  it.each([
    ['a generator', function* many() {}],
    ['an async generator', async function* many() {}],
    ['the method of an object', Object.values({ *many() {} })[0]!],
  ])('is refused for %s, with how to have many results', (_, fn) => {
    expect(refusalOf(fn)).toContain(
      'expects a function with one result for each element, but got a generator, function many.',
    );
  });
});
