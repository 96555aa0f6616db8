import { EventFeed } from '../../../lib/pool/telemetry/EventFeed.js';
import type { PoolEvent } from '../../../lib/pool/telemetry/PoolEvent.js';

function setUp() {
  const feed = new EventFeed();
  const listen = (name: string, log: string[], onNext?: () => void) =>
    feed.subscribe({
      next: (event) => {
        log.push(`${name}: ${describeEvent(event)}`);
        onNext?.();
      },
      complete: () => log.push(`${name}: complete`),
    });
  return { feed, listen };
}

function describeEvent(event: PoolEvent): string {
  if ('count' in event) return `${event.type} ${event.count}`;
  return 'worker' in event ? `${event.type} ${event.worker}` : event.type;
}

const done = (call: number, count: number) => ({ type: 'elementsDone', call, count }) as const;

describe('the events of a pool', () => {
  it('are heard while somebody listens', () => {
    const { feed, listen } = setUp();
    expect(feed.isHeard).toBe(false);
    const stop = listen('A', []);
    expect(feed.isHeard).toBe(true);
    stop();
    expect(feed.isHeard).toBe(false);
  });

  it('are told a moment later, in their order', async () => {
    const { feed, listen } = setUp();
    const log: string[] = [];
    listen('A', log);
    feed.add({ type: 'workerStarting', worker: 0 });
    feed.add({ type: 'workerOpened', worker: 0 });
    expect(log).toEqual([]);
    await Promise.resolve();
    expect(log).toEqual(['A: workerStarting 0', 'A: workerOpened 0']);
  });

  it('are one where the same happens to elements of a call several times at a moment', async () => {
    const { feed, listen } = setUp();
    const log: string[] = [];
    listen('A', log);
    feed.add(done(0, 2));
    feed.add(done(0, 3));
    feed.add(done(1, 1));
    feed.add(done(0, 1));
    await Promise.resolve();
    expect(log).toEqual(['A: elementsDone 5', 'A: elementsDone 1', 'A: elementsDone 1']);
  });

  it('cannot be changed by one of those who share them', async () => {
    const { feed } = setUp();
    const told: PoolEvent[] = [];
    const next = (event: PoolEvent): void => void told.push(event);
    for (let nth = 0; nth < 2; nth++) feed.subscribe({ next, complete: () => undefined });
    feed.add({ type: 'workerOpened', worker: 0 });
    await Promise.resolve();
    expect(told[0]).toBe(told[1]);
    expect(Object.isFrozen(told[0])).toBe(true);
  });

  it('are told to who listened when they happened, and to no others', async () => {
    const { feed, listen } = setUp();
    const log: string[] = [];
    const stop = listen('A', log);
    feed.add(done(0, 1));
    listen('B', log);
    feed.add(done(0, 2));
    stop();
    await Promise.resolve();
    expect(log).toEqual(['B: elementsDone 2']);
  });

  it('may make others happen while they are told', async () => {
    const { feed, listen } = setUp();
    const log: string[] = [];
    let isFirst = true;
    listen('A', log, () => {
      if (isFirst) feed.add({ type: 'workerCrashed', worker: 1, reason: '' });
      isFirst = false;
    });
    listen('B', log);
    feed.add(done(0, 1));
    await Promise.resolve();
    await Promise.resolve();
    expect(log).toEqual([
      ...['A: elementsDone 1', 'B: elementsDone 1'],
      ...['A: workerCrashed 1', 'B: workerCrashed 1'],
    ]);
  });

  it('complete behind those that wait, and at once for who comes later', () => {
    const { feed, listen } = setUp();
    const log: string[] = [];
    listen('A', log);
    feed.add(done(0, 1));
    feed.complete();
    listen('B', log);
    expect(log).toEqual(['A: elementsDone 1', 'A: complete', 'B: complete']);
    expect(feed.isHeard).toBe(false);
  });
});
