/** The contract: what goes wrong with one element is told of that element, and ends no other. */
import { MessageChannel } from 'node:worker_threads';
import { TaskError, TaskLoadError, UncloneableError } from '../../../lib/errors.js';
import { kindsOf, reasonOf, type Rig } from './Rig.js';

/** What the function threw, as the executor rebuilt it. */
async function causeOf(rig: Rig, fn: () => unknown): Promise<unknown> {
  await rig.open();
  const [end] = await rig.run(fn, ['an element'], { indices: [8] }).ends;
  const reason = reasonOf(end);
  expect(reason).toBeInstanceOf(TaskError);
  expect(reason).toMatchObject({ index: 8 });
  return reason.cause;
}

export function fails(rig: () => Rig): void {
  describe('of a function', () => {
    it.each([
      [
        'throws',
        (value: number): number => {
          if (value % 2) throw new RangeError(`odd: ${value}`);
          return value;
        },
      ],
      [
        'rejects',
        async (value: number): Promise<number> => {
          if (value % 2) throw new RangeError(`odd: ${value}`);
          return value;
        },
      ],
    ])('that %s for some elements, with their places, while the others go on', async (_, fn) => {
      await rig().open();
      const run = rig().run(fn, [1, 2, 3, 4, 5], { indices: [10, 20, 30, 40, 50] });
      const ends = await run.ends;
      expect(kindsOf(ends)).toEqual(['TaskError', 'value', 'TaskError', 'value', 'TaskError']);
      for (const [position, index] of [
        [0, 10],
        [2, 30],
        [4, 50],
      ] as const) {
        const message = `odd: ${position + 1}`;
        const cause: unknown = expect.objectContaining({ name: 'RangeError', message });
        expect(reasonOf(ends[position])).toMatchObject({ index, cause });
      }
      expect(rig().losses).toEqual([]);
    });

    it('with name, message, stack, code, own properties and class of the error', async () => {
      const cause = await causeOf(rig(), function failingTask() {
        throw Object.assign(new TypeError('no such host'), { code: 'ENOHOST', retries: [1, 2] });
      });
      expect(cause).toBeInstanceOf(TypeError);
      expect(cause).toMatchObject({
        name: 'TypeError',
        message: 'no such host',
        stack: expect.stringContaining('failingTask') as unknown,
        code: 'ENOHOST',
        retries: [1, 2],
      });
    });

    it('with the name of an error class of the function’s own', async () => {
      const cause = await causeOf(rig(), () => {
        class ParseError extends SyntaxError {
          override name = 'ParseError';
          line = 3;
        }
        throw new ParseError('unexpected end');
      });
      expect(cause).toBeInstanceOf(SyntaxError);
      expect(cause).toMatchObject({ name: 'ParseError', message: 'unexpected end', line: 3 });
    });

    it('with the whole chain of causes, down to one that is no error', async () => {
      const cause = await causeOf(rig(), () => {
        const root = new RangeError('root', { cause: 'a mere text' });
        const middle = Object.assign(new Error('middle', { cause: root }), { code: 'E_MIDDLE' });
        throw new TypeError('top', { cause: middle });
      });
      expect(cause).toMatchObject({
        message: 'top',
        cause: {
          message: 'middle',
          code: 'E_MIDDLE',
          cause: { name: 'RangeError', message: 'root', cause: 'a mere text' },
        },
      });
    });

    it('with causes that form a circle', async () => {
      const cause = await causeOf(rig(), () => {
        const inner = new Error('inner');
        inner.cause = new Error('outer', { cause: inner });
        throw inner.cause;
      });
      const { cause: inner } = cause as Error;
      expect(inner).toMatchObject({ message: 'inner' });
      expect((inner as Error).cause).toBe(cause);
    });

    it('with all errors of an AggregateError', async () => {
      const cause = await causeOf(rig(), () =>
        Promise.any([
          Promise.reject(new RangeError('one')),
          Promise.reject(Object.assign(new Error('two'), { code: 'E_TWO' })),
        ]),
      );
      expect(cause).toBeInstanceOf(AggregateError);
      expect((cause as AggregateError).errors).toMatchObject([
        { name: 'RangeError', message: 'one' },
        { message: 'two', code: 'E_TWO' },
      ]);
    });

    it('with an error that carries something which cannot be copied', async () => {
      const cause = await causeOf(rig(), () => {
        throw Object.assign(new Error('still here'), { code: 'E_HANDLE', close: () => 0 });
      });
      expect(cause).toMatchObject({ message: 'still here', code: 'E_HANDLE' });
      expect((cause as { close?: unknown }).close).toEqual(
        expect.stringContaining('function close'),
      );
    });

    it('with an error whose properties throw when they are read', async () => {
      const cause = await causeOf(rig(), () => {
        const error = new Error('with a trap');
        Object.defineProperty(error, 'trap', {
          get: () => {
            throw new Error('caught in it');
          },
        });
        throw error;
      });
      expect(cause).toMatchObject({ message: 'with a trap' });
    });

    it.each([
      ['a text', () => Promise.reject('out of paper'), 'out of paper'],
      ['a number', () => Promise.reject(0), 0],
      ['null', () => Promise.reject(null), null],
      ['undefined', () => Promise.reject(undefined), undefined],
      ['plain data', () => Promise.reject({ status: 404 }), { status: 404 }],
    ])('that throws %s instead of an error', async (_, fn, expected) => {
      expect(await causeOf(rig(), fn)).toEqual(expected);
    });

    it('that throws what can neither be copied nor is an error', async () => {
      const thrown = await causeOf(rig(), () => Promise.reject(Symbol('secret')));
      expect(thrown).toEqual(expect.stringContaining('Symbol(secret)'));
    });

    it('whose source does not compile, for each of its elements', async () => {
      await rig().open();
      const source = { kind: 'inline', source: 'not a function (' } as const;
      const run = rig().runTask({ key: 'broken', source, fn: undefined }, [1, 2]);
      const ends = await run.ends;
      for (const end of ends) expect(reasonOf(end)).toBeInstanceOf(TaskLoadError);
      expect(reasonOf(ends[0]).message).toContain('not a function (');
    });
  });

  describe('of copying', () => {
    const same = (value: unknown): unknown => value;

    it('an input, with its path; the others of its batch come back unstarted', async () => {
      await rig().open();
      const bad = { user: { save: () => 0 } };
      const ends = await rig().run(same, ['a', bad, 'c'], { indices: [5, 6, 7] }).ends;
      expect(kindsOf(ends)).toEqual(['unstarted', 'UncloneableError', 'unstarted']);
      const reason = reasonOf(ends[1]);
      expect(reason).toBeInstanceOf(UncloneableError);
      expect(reason).toMatchObject({ index: 6, side: 'input' });
      expect(reason.message).toContain('input[6].user.save is a function');
    });

    it('every input that cannot be copied, at once', async () => {
      await rig().open();
      const ends = await rig().run(same, [Symbol('s'), 1, [() => 0]]).ends;
      expect(kindsOf(ends)).toEqual(['UncloneableError', 'unstarted', 'UncloneableError']);
      expect(reasonOf(ends[2]).message).toContain('input[2][0] is a function');
    });

    it('an input, and does not blame the one beside it for what is to be moved', async () => {
      await rig().open();
      const { port1, port2 } = new MessageChannel();
      const ends = await rig().run(same, [{ port1 }, { save: () => 0 }], { transfer: [port1] })
        .ends;
      expect(kindsOf(ends)).toEqual(['unstarted', 'UncloneableError']);
      port1.close();
      port2.close();
    });

    it('an input whose memory was moved before', async () => {
      await rig().open();
      const memory = new ArrayBuffer(8);
      const sizeOf = ({ byteLength }: ArrayBuffer): number => byteLength;
      const transfer = [memory];
      expect(await rig().run(sizeOf, [memory], { transfer }).ends).toEqual([{ value: 8 }]);
      const ends = await rig().run(same, [memory, 'beside'], { transfer }).ends;
      expect(kindsOf(ends)).toEqual(['UncloneableError', 'unstarted']);
      expect(reasonOf(ends[0]).message).toContain('input[0] is memory that was transferred before');
    });

    it('a first batch, after which its task still runs', async () => {
      await rig().open();
      await rig().run(same, [() => 0]).ends;
      expect(await rig().run(same, ['fine']).ends).toEqual([{ value: 'fine' }]);
    });

    // The first outcome travels alone, the last one with the return.
    it.each([
      [
        'a function that returns',
        (value: number) => (value === 2 ? value : { list: [() => value] }),
      ],
      [
        'an async function',
        async (value: number) => (value === 2 ? value : { list: [() => value] }),
      ],
    ])('a result of %s, with its path, while the others go on', async (_, fn) => {
      await rig().open();
      const ends = await rig().run(fn, [1, 2, 3]).ends;
      expect(kindsOf(ends)).toEqual(['UncloneableError', 'value', 'UncloneableError']);
      for (const index of [0, 2]) {
        const reason = reasonOf(ends[index]);
        expect(reason).toMatchObject({ index, side: 'result' });
        expect(reason.message).toContain('result.list[0] is a function');
      }
      expect(rig().losses).toEqual([]);
    });

    it('a result that throws when it is read', async () => {
      await rig().open();
      const trap = () => ({
        get value(): number {
          throw new Error('caught in it');
        },
      });
      const ends = await rig().run(trap, [1, 2]).ends;
      expect(kindsOf(ends)).toEqual(['UncloneableError', 'UncloneableError']);
    });
  });
}
