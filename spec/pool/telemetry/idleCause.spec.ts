import { idleCause, isHeldUp, type CallView } from '../../../lib/pool/telemetry/idleCause.js';

const call = (view: Partial<CallView> = {}): CallView => ({
  ...{ waiting: 0, locked: 0, held: 0, delayed: 0 },
  hasRoom: true,
  pausedBy: undefined,
  ...view,
});

describe('a worker that is ready idles', () => {
  it.each([
    ['no work', []],
    ['no work', [call()]],
    ['limit', [call({ waiting: 3 })]],
    ['window full', [call({ held: 2 })]],
    ['limit', [call({ waiting: 1, held: 2 })]],
    ['window full', [call({ pausedBy: 'window full' })]],
    ['slow consumer', [call({ pausedBy: 'slow consumer' })]],
    ['limit', [call({ pausedBy: 'full' })]],
    ['limit', [call({ locked: 1, delayed: 1 })]],
    ['retry delay', [call({ delayed: 1 })]],
    ['retry delay', [call(), call({ delayed: 1, pausedBy: 'full' })]],
    ['limit', [call({ delayed: 1 }), call({ waiting: 1 })]],
    ['slow consumer', [call(), call({ waiting: 1 }), call({ pausedBy: 'slow consumer' })]],
    ['window full', [call({ pausedBy: 'slow consumer' }), call({ held: 1 })]],
  ] as const)('since: %s, where calls are like %j', (cause, calls) => {
    expect(idleCause(calls)).toBe(cause);
  });
});

describe('a call is held up by its window', () => {
  it('while nothing of it waits within, some does beyond, and a worker has room for it', () => {
    expect(isHeldUp(call({ held: 1 }))).toBe(true);
    expect(isHeldUp(call({ pausedBy: 'window full' }))).toBe(true);
    expect(isHeldUp(call({ held: 1, waiting: 1 }))).toBe(false);
    expect(isHeldUp(call({ held: 1, hasRoom: false }))).toBe(false);
    expect(isHeldUp(call({ pausedBy: 'slow consumer' }))).toBe(false);
    expect(isHeldUp(call())).toBe(false);
  });
});
