/**
 * Every way in which an element may end, at every place, in every batch size, under every policy: how it
 * ends, how its neighbours do, and that the pool goes on. A further policy is one more line of POLICIES.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createPool, task, type Pool, type SettledElement } from '../../lib/index.js';
import { makeFlags, raised, until } from '../support/handshake.js';
import { runNode } from '../support/runNode.js';

const fixtures = join(__dirname, '../fixtures');

interface Element {
  readonly how?: string;
  readonly started?: Int32Array;
  readonly extra?: unknown;
}

type Misbehave = (element: Element, index: number) => number;

const misbehave = task<{ misbehave: Misbehave }>(
  pathToFileURL(join(fixtures, 'modules/misbehave.mjs')),
  'misbehave',
);

/** How the element ends by itself. */
const FAILURES: readonly [how: string, reason: object][] = [
  ['exit 0', crash(0, 'exit code 0')],
  ['exit 7', crash(7, 'exit code 7')],
  ['throw', thrown({ name: 'RangeError', message: 'thrown', code: 'E_THROWN' })],
  ['reject', thrown({ name: 'RangeError', message: 'rejected' })],
  ['async throw', crash(1, 'uncaught RangeError: thrown later')],
  ['unhandled rejection', crash(1, 'uncaught RangeError: unhandled')],
  ['out of memory', crash(1, 'out of memory')],
  ['uncloneable input', { name: 'UncloneableError', side: 'input' }],
  ['uncloneable result', { name: 'UncloneableError', reason: 'result.user.save is a function' }],
  ['thrown function', thrown(expect.stringContaining('function'))],
  ['getters that throw', thrown({ name: 'RangeError', message: 'has getters' })],
  ['deep recursion', thrown({ name: 'RangeError', message: 'Maximum call stack size exceeded' })],
];

/** What ends it from outside, once it runs. */
const INTERVENTIONS = ['endless loop', 'never settles'] as const;

const SIZE = 2;
const COUNT = 50;

const PLACES = [
  ['first', 0],
  ['middle', COUNT / 2],
  ['last', COUNT - 1],
] as const;

const BATCH_SIZES = [1, 'auto', COUNT] as const;

/** Options of the call, and what comes of a failure of one element under them. */
const POLICIES = [
  ['by default', {}, failsTheCall],
  ['settled', { settled: true }, isOneResult],
  ['with a retry', { settled: true, retry: 1 }, isOneResult],
] as const;

/** Milliseconds: much for the elements that end at once, little for whoever waits for the others. */
const TIMEOUT = 100;

const CELLS = PLACES.flatMap(([place, index]) =>
  BATCH_SIZES.flatMap((batchSize) =>
    POLICIES.map(([policy, options, expectEnd]) => ({
      cell: `${place} element, batches of ${batchSize}, ${policy}`,
      index,
      tries: 'retry' in options ? 1 + options.retry : 1,
      options: { batchSize, ...options },
      expectEnd,
    })),
  ),
);

describe('the crash matrix', () => {
  let pool: Pool;
  const alive = new Set<Worker>();

  beforeAll(() => {
    pool = createPool({
      size: SIZE,
      worker: () => {
        const worker = new Worker(join(fixtures, 'workers/exposes.cjs'), {
          resourceLimits: { maxOldGenerationSizeMb: 24 },
        });
        alive.add(worker);
        worker.once('exit', () => alive.delete(worker));
        return worker;
      },
    });
  });

  afterEach(async () => {
    expect(await pool.mapArray([{}, {}, {}], misbehave)).toEqual([0, 1, 2]);
    await until(() => alive.size <= SIZE);
  });

  afterAll(async () => {
    await pool.destroy();
    expect(alive.size).toBe(0);
  });

  describe.each(FAILURES)('%s', (how, reason) => {
    it.each(CELLS)('$cell', async ({ index, options, tries, expectEnd }) => {
      const call = pool.mapArray(elements(index, { how, ...extraOf(how) }), misbehave, options);
      // What cannot be cloned is not worth another try.
      const attempts = how.startsWith('uncloneable') ? 1 : tries;
      await expectEnd(call, index, { index, ...reason }, attempts);
    });
  });

  describe.each(INTERVENTIONS)('%s, ended by a time-out', (how) => {
    it.each(CELLS)('$cell', async ({ index, options, tries, expectEnd }) => {
      const call = pool.mapArray(elements(index, { how }), misbehave, {
        ...options,
        timeout: TIMEOUT,
      });
      const reason = { name: 'TaskTimeoutError', index, timeout: TIMEOUT };
      await expectEnd(call, index, reason, tries);
    });
  });

  describe.each(INTERVENTIONS)('%s, ended by a cancel', (how) => {
    it.each(CELLS)('$cell', async ({ index, options }) => {
      const started = makeFlags();
      const controller = new AbortController();
      const { signal } = controller;
      const call = pool.mapArray(elements(index, { how, started }), misbehave, {
        ...options,
        signal,
      });
      const ended = expect(call).rejects.toBe('enough');
      await raised(started, 0);
      controller.abort('enough');
      await ended;
    });
  });

  describe('worker.terminate from outside', () => {
    it.each(CELLS)('$cell', async ({ index, options, tries, expectEnd }) => {
      const started = makeFlags();
      const call = pool.mapArray(elements(index, { how: 'waits', started }), misbehave, options);
      const ended = expectEnd(call, index, { index, ...crash(1, 'exit code 1') }, tries);
      for (let tried = 0; tried < tries; tried++) {
        await raised(started, 0);
        const running = [...alive].find(({ threadId }) => threadId === started[0]);
        started[0] = 0;
        await running?.terminate();
      }
      await ended;
    });
  });
});

describe('a process', () => {
  const program = join(fixtures, 'programs/misbehave.mjs');

  it.each(FAILURES.map(([how]) => how))('ends by itself after: %s', async (how) => {
    const { name } = FAILURES.find(([one]) => one === how)![1] as { readonly name: string };
    const { code, stdout } = await runNode([program, how]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `0 ${name} 2` });
  });

  it.each(INTERVENTIONS)('ends by itself after a cancel of: %s', async (how) => {
    const { code, stdout } = await runNode([program, how]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'enough' });
  });
});

function elements(index: number, element: Element): Element[] {
  return Array.from({ length: COUNT }, (_, nth) => (nth === index ? element : {}));
}

function extraOf(how: string): Element {
  return how === 'uncloneable input' ? { extra: () => 1 } : {};
}

function crash(exitCode: number, message: string): object {
  return {
    name: 'WorkerCrashedError',
    exitCode,
    message: expect.stringContaining(message) as unknown,
  };
}

function thrown(cause: unknown): object {
  return { name: 'TaskError', cause };
}

async function failsTheCall(call: Promise<unknown>, _: number, reason: object): Promise<void> {
  await expect(call).rejects.toMatchObject(reason);
}

async function isOneResult(
  call: Promise<unknown>,
  index: number,
  reason: object,
  attempts: number,
): Promise<void> {
  const results = (await call) as SettledElement<number>[];
  const neighbours = results.toSpliced(index, 1);
  expect(results[index]).toMatchObject({ status: 'rejected', index, reason, attempts });
  expect(results).toHaveLength(COUNT);
  expect(neighbours.map((one) => one.status === 'fulfilled' && one.value)).toEqual(
    neighbours.map((one) => one.index),
  );
}
