import { pathToFileURL } from 'node:url';
import { task } from '../../lib/index.js';
import { prepareTask } from '../../lib/task/prepareTask.js';

const here = pathToFileURL(__filename).href;

describe('task', () => {
  it('can be called like the function it names', () => {
    const add = task(here, 'add', (a: number, b: number) => a + b);
    expect(add(1, 2)).toBe(3);
  });

  it('takes as many arguments as the function does, by its length', () => {
    expect(task(here, 'fn', (_value: number, _index: number, _context: unknown) => 1)).toHaveLength(
      3,
    );
  });

  it('passes on `this`, and has the name of the export', () => {
    const named = task(here, 'named', function (this: { x: number }) {
      return this.x;
    });
    expect(named.call({ x: 7 })).toBe(7);
    expect(named.name).toBe('named');
  });

  it('leaves the function alone, so that it can be named twice', () => {
    const fn = Object.freeze((x: number) => x);
    const first = prepareTask(task(here, 'first', fn), 'spec');
    const second = prepareTask(task(here, 'second', fn), 'spec');
    expect(first.source).toEqual({ kind: 'module', url: here, name: 'first' });
    expect(second.source).toEqual({ kind: 'module', url: here, name: 'second' });
  });

  it.each([
    ['a URL', pathToFileURL(__filename)],
    ['the text of a URL', here],
    ['a path', __filename],
  ])('takes %s as its module', (_, given) => {
    const { source } = prepareTask(
      task(given, 'fn', () => 1),
      'spec',
    );
    expect(source).toEqual({ kind: 'module', url: here, name: 'fn' });
  });

  it.each([
    ['./std.js', '"./std.js"'],
    ['https://example.org/std.js', '"https://example.org/std.js"'],
    [new URL('https://example.org/std.js'), '"https://example.org/std.js"'],
    [undefined, 'undefined'],
    [42, '42'],
  ])('refuses %p as its module, and says what it takes', (given, quoted) => {
    expect(() => task(given as never, 'std', () => 1)).toThrow(
      new TypeError(
        `task() expects its module as import.meta.url, __filename or new URL('./module.js', import.meta.url), but got ${quoted}`,
      ),
    );
  });

  it('refuses a name that is none, and a function that is none', () => {
    expect(() => task(here, '', () => 1)).toThrow(TypeError);
    expect(() => task(here, undefined as never, () => 1)).toThrow('but got undefined');
    expect(() => task(here, 'std', 3 as never)).toThrow(
      'task() expects a function as its third argument, but got 3',
    );
  });

  it('cannot be called where its module is not loaded', () => {
    const remote = task<{ std: (xs: number[]) => number }>(here, 'std');
    expect(() => remote([1])).toThrow(/^The task "std" of file:.* runs in workers only/);
  });
});

describe('a prepared task', () => {
  it('has the same key for functions of the same source, so that workers get it once', () => {
    const make = (): ((x: number) => number) => (x) => x * 2;
    expect(prepareTask(make(), 'spec').key).toBe(prepareTask(make(), 'spec').key);
    expect(prepareTask(make(), 'spec').key).not.toBe(prepareTask(() => 0, 'spec').key);
  });

  it('is prepared once for each function', () => {
    const fn = (): number => 1;
    expect(prepareTask(fn, 'spec')).toBe(prepareTask(fn, 'spec'));
  });
});
