import { describeCaptures } from '../../lib/analysis/describeCaptures.js';
import { analyse } from '../../lib/analysis/findCaptures.js';

/** The lines of what is said of a function whose file is not known. */
function said(source: string, caller = 'mapArray', name = ''): string[] {
  const analysis = analyse(source)!;
  return describeCaptures({ fn: { name }, source, analysis, caller }).message.split('\n');
}

describe('the message of a capture', () => {
  it('names all, shows the line, and gives both remedies', () => {
    expect(said('(x) => x * factor + offset', 'mapArray', 'scale')).toEqual([
      'mapArray cannot send this function to a worker: it uses factor and offset, which do not travel with it. ' +
        'Only the source of a function is sent, without what is around it.',
      '',
      '  line 1, column 12 of the function:',
      '  1 | (x) => x * factor + offset',
      '    |            ^^^^^^   ^^^^^^',
      '',
      '- Hand values (data, not functions) over: mapArray(values, (x, _index, { shared }) => ... shared.factor ... shared.offset ..., { shared: { factor, offset } }).',
      "- Or move the function, with what it needs, into a module of its own, which workers import: export const scale = task(import.meta.url, 'scale', (x) => ...), and call mapArray(values, scale). (In CommonJS: task(__filename, ...).)",
    ]);
  });

  it('does not have functions handed over', () => {
    const lines = said('(x) => helper(x)');
    expect(lines).toContain(
      "- helper: functions and classes cannot be handed over. Declare it inside the function, or import it there: await import('package').",
    );
    expect(lines.join()).not.toContain('shared');
  });

  it('says what of `this` to hand over', () => {
    expect(said('(x) => this.factor * x').join()).toContain('shared: { factor: this.factor }');
    expect(said('(x) => this.#factor * x').join()).toContain('shared: { factor: this.#factor }');
  });

  it('names the element otherwise where it has the name of what is handed over', () => {
    const lines = said('(x) => this.x * x', 'pool.run').join();
    expect(lines).toContain('pool.run(({ value, x }) => ..., { value, x: this.x })');
  });

  it('is told of a function whose name cannot be read', () => {
    const source = '(x) => x * factor';
    const fn = Object.defineProperty(() => 1, 'name', {
      get: () => {
        throw new Error('keep out');
      },
    });
    const { message } = describeCaptures({
      fn,
      source,
      analysis: analyse(source)!,
      caller: 'mapArray',
    });
    expect(message).toContain("export const work = task(import.meta.url, 'work'");
  });

  it.each([
    ['parallelMap', 'parallelMap((x, _index, { shared }) => ... shared.a ..., { shared: { a } })'],
    ['pool.mapArray', 'pool.mapArray(values, (x, _index, { shared }) =>'],
    ['createPool', 'createPool({ initializer: ({ shared }) => ... shared.a ..., shared: { a } })'],
    ['createPool', 'and call createPool({ initializer: work })'],
    ['pool.run', 'pool.run(({ x, a }) => ..., { x, a })'],
  ])('speaks of the call that was made: %s', (caller, call) => {
    expect(said('(x) => x + a', caller).join()).toContain(call);
  });

  it('shows a few lines of many, and a part of a long one', () => {
    const many = `() => [\n${Array.from({ length: 9 }, (_, i) => `name${i},`).join('\n')}\n]`;
    expect(said(many)).toContain('  and 4 lines more');
    const long = `() => "${'-'.repeat(1000)}" + here + "${'-'.repeat(1000)}"`;
    const [shown, marks] = said(long).slice(3);
    expect(shown!.length).toBeLessThan(140);
    expect(shown!.slice(marks!.indexOf('^'), marks!.lastIndexOf('^') + 1)).toBe('here');
  });

  it('keeps its mark below what it means where there are tabs', () => {
    const [shown, marks] = said('() => {\n\t\treturn here;\n}').slice(3);
    expect([shown, marks]).toEqual(['  2 | \t\treturn here;', '    | \t\t       ^^^^']);
  });
});
