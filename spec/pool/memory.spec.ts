/** What a pool lets go of: seen by what the garbage collector can take while the pool goes on. */
import { inline } from '../../lib/executors/inline/inline.js';
import { Dispatcher } from '../../lib/pool/Dispatcher.js';
import type { Lane } from '../../lib/pool/Lane.js';
import type { LaneOptions } from '../../lib/pool/LaneOptions.js';
import { prepareTask } from '../../lib/task/prepareTask.js';
import { InOrderOfKeys } from '../../lib/scheduler/InOrderOfKeys.js';
import { areCollected } from '../support/areCollected.js';
import { LANE_OPTIONS } from '../support/laneOptions.js';

interface Element {
  readonly does: 'end' | 'fail' | 'stay';
}

const obey = prepareTask(({ does }: Element): unknown => {
  if (does === 'fail') throw new Error('failed');
  return does === 'stay' ? new Promise(() => undefined) : undefined;
}, 'spec');

function makePool(): Dispatcher {
  return new Dispatcher({ executor: inline(), size: 1, idleTimeout: Infinity });
}

/** In a function of its own, so that no variable of the test holds what is to be collected. */
function call(
  dispatcher: Dispatcher,
  all: readonly Element['does'][],
  options: Partial<LaneOptions> = {},
): { lane: Lane; held: WeakRef<object>[] } {
  const elements = all.map((does): Element => ({ does }));
  const observer = {
    reportAfter: 10,
    next: () => undefined,
    error: () => undefined,
    complete: () => undefined,
  };
  const shared = { of: 'the call' };
  const lane = dispatcher.openLane({ ...LANE_OPTIONS, task: obey, shared, ...options }, observer);
  lane.pushAll(elements);
  return { lane, held: [...elements, observer, shared].map((one) => new WeakRef<object>(one)) };
}

describe('while the pool goes on, nothing is held of', () => {
  const { signal } = new AbortController();

  it.each<[string, readonly Element['does'][], (lane: Lane, dispatcher: Dispatcher) => void]>([
    ['a call that has completed', ['end', 'end'], (lane) => lane.end()],
    ['a call that has failed', ['end', 'fail', 'end'], (lane) => lane.end()],
    ['a call that was cancelled', ['end', 'end'], (lane) => lane.cancel()],
    ['a call whose pool was destroyed', ['end'], (_, dispatcher) => void dispatcher.destroy()],
  ])('%s', async (_, all, end) => {
    const dispatcher = makePool();
    const held = ((): WeakRef<object>[] => {
      const { lane, held } = call(dispatcher, all, { signal });
      end(lane, dispatcher);
      return [...held, new WeakRef(lane)];
    })();
    expect(await areCollected(held)).toBe(true);
    await dispatcher.destroy();
    // It outlives the calls, as that of a service does.
    expect(signal.aborted).toBe(false);
  });

  it('what waited in a cancelled call, though its user holds it and its worker is not done', async () => {
    const dispatcher = makePool();
    const { lane, held } = call(dispatcher, ['stay', 'end']);
    const [running, waiting] = held;
    lane.cancel();
    expect(await areCollected([waiting!])).toBe(true);
    expect(running!.deref()).toBeDefined();
    expect(lane.isOpen).toBe(false);
    await dispatcher.destroy();
  });

  it('a key that nothing is left of, while its call goes on', async () => {
    const dispatcher = makePool();
    const keys = [{ of: 'one that has ended' }, { of: 'one that runs' }];
    const [ended, running] = keys.map((key) => new WeakRef(key));
    const { lane } = call(dispatcher, ['end', 'end', 'stay'], {
      key: (value) => keys[(value as Element).does === 'end' ? 0 : 1],
    });
    keys.length = 0;
    expect(await areCollected([ended!])).toBe(true);
    expect(running!.deref()).toBeDefined();
    lane.cancel();
    await dispatcher.destroy();
  });

  it('a key that the scheduler has nothing left of, while its lane goes on', async () => {
    const waiting = new InOrderOfKeys(false);
    const held = ((): WeakRef<object>[] => {
      waiting.arrive(3, [0, 1, 1]);
      const taken = waiting.take(2, 1);
      waiting.release(taken);
      return taken.locks!.queues.map((queue) => new WeakRef(queue));
    })();
    const [ended, other] = held;
    expect(await areCollected([ended!])).toBe(true);
    expect(other!.deref()).toBeDefined();
    expect(waiting.size).toBe(1);
  });

  it('an element that has ended, while its call goes on', async () => {
    const dispatcher = makePool();
    const { lane, held } = call(dispatcher, ['end', 'stay']);
    const [ended, running] = held;
    expect(await areCollected([ended!])).toBe(true);
    expect(running!.deref()).toBeDefined();
    lane.cancel();
    await dispatcher.destroy();
  });
});
