import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  createPool,
  inline,
  PoolClosedError,
  TaskError,
  type CallMessage,
  type ElementMessage,
} from '../../../lib/index.js';

const heard: (() => void)[] = [];

function hear(channel: string, onMessage: (message: never) => void): void {
  const name = `rxjs-parallel-map:${channel}`;
  const listener = onMessage as never;
  subscribe(name, listener);
  heard.push(() => void unsubscribe(name, listener));
}

afterEach(() => {
  for (const stop of heard.splice(0)) stop();
});

const failAt2 = (value: number): number => {
  if (value === 2) throw new Error('two');
  return value;
};

describe('the diagnostics channels', () => {
  it('have calls and each try of an element, with one object for a call', async () => {
    await using pool = createPool({ size: 1, executor: inline() });
    const log: string[] = [];
    const calls = new Set<unknown>();
    hear('call:start', (call: CallMessage) => {
      calls.add(call);
      log.push(`call ${call.name} of ${call.concurrency}`);
    });
    for (const what of ['start', 'end', 'error']) {
      hear(`element:${what}`, ({ call, index, attempt, outcome }: ElementMessage) => {
        calls.add(call);
        log.push(`${what} ${index}.${attempt} ${outcome}`);
      });
    }
    hear('call:end', (call: CallMessage) => {
      calls.add(call);
      log.push(`${call.end!.how}: ${call.end!.elements.done}, ${call.end!.elements.failed}`);
    });
    await pool.mapArray([1, 2], failAt2, { settled: true, retry: 1 });
    expect(log).toEqual([
      ...['call failAt2 of 1', 'start 0.1 done', 'end 0.1 done'],
      ...['start 1.1 failed', 'error 1.1 failed', 'end 1.1 failed'],
      ...['start 1.2 failed', 'error 1.2 failed', 'end 1.2 failed', 'completed: 1, 1'],
    ]);
    expect(calls.size).toBe(1);
  });

  it('say when an element ran, and why it failed', async () => {
    await using pool = createPool({ size: 1, executor: inline() });
    const messages: ElementMessage[] = [];
    hear('element:end', (message: ElementMessage) => messages.push(message));
    const before = performance.timeOrigin + performance.now();
    await pool.mapArray([1, 2], failAt2, { settled: true });
    const [done, failed] = messages;
    expect(done!.startTime).toBeGreaterThanOrEqual(before);
    expect(done!.endTime).toBeGreaterThanOrEqual(done!.startTime);
    expect(done).not.toHaveProperty('error');
    expect(failed!.error).toBeInstanceOf(TaskError);
  });

  it('tell of a call in the context in which it was made', async () => {
    await using pool = createPool({ size: 1, executor: inline() });
    const context = new AsyncLocalStorage<string>();
    let found: string | undefined;
    hear('call:start', () => (found = context.getStore()));
    await context.run('a request', () => pool.run(failAt2, 1));
    expect(found).toBe('a request');
  });

  it('let who hears of a call or an element destroy the pool', async () => {
    for (const channel of ['call:start', 'element:start', 'element:end']) {
      const pool = createPool({ size: 1, executor: inline() });
      hear(channel, () => void pool.destroy());
      const call = pool.mapArray([1, 3], failAt2, { batchSize: 1 });
      await expect(call).rejects.toThrow(PoolClosedError);
      heard.pop()!();
    }
  });

  it('have no times measured while nobody listens', async () => {
    const executor = inline();
    const asked = jest.spyOn(executor, 'run');
    await using pool = createPool({ size: 1, executor });
    await pool.run(failAt2, 1);
    hear('element:end', () => undefined);
    await pool.run(failAt2, 1);
    expect(asked.mock.calls.map(([, { wantsTimes }]) => wantsTimes)).toEqual([false, true]);
  });
});
