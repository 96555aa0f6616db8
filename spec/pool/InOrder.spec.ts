import { InOrder } from '../../lib/pool/InOrder.js';
import type { LaneObserver } from '../../lib/pool/LaneOptions.js';

function setUp(onNext: (log: string[]) => void = () => undefined) {
  const log: string[] = [];
  const observer: LaneObserver = {
    reportAfter: 7,
    next: (results, from, to, index) => {
      log.push(`${index}: ${Array.from<unknown>(results).slice(from, to).join()}`);
      onNext(log);
    },
    dropped: (index, count) => log.push(`${index}: ${count} dropped`),
    error: (error) => log.push(String(error)),
    complete: () => log.push('complete'),
  };
  const inOrder = new InOrder(observer, (next) => log.push(`next is ${next}`));
  return { log, inOrder };
}

describe('results in the order of the input', () => {
  it('are given out at once where they are next', () => {
    const { log, inOrder } = setUp();
    inOrder.next(['x', 'a', 'b'], 1, 3, 0);
    inOrder.next(['c'], 0, 1, 2);
    expect(log).toEqual(['0: a,b', 'next is 2', '2: c', 'next is 3']);
  });

  it('wait for those before them', () => {
    const { log, inOrder } = setUp();
    inOrder.next(['d'], 0, 1, 3);
    inOrder.next(['b', 'c'], 0, 2, 1);
    expect(log).toEqual([]);
    inOrder.next(['a'], 0, 1, 0);
    expect(log).toEqual(['0: a', '1: b,c', '3: d', 'next is 4']);
  });

  it('do not wait for what was dropped', () => {
    const { log, inOrder } = setUp();
    inOrder.next(['c'], 0, 1, 2);
    inOrder.dropped(0, 2);
    expect(log).toEqual(['0: 2 dropped', '2: c', 'next is 3']);
  });

  it('are let go of when nobody wants them, also from within', () => {
    const { log, inOrder } = setUp(() => inOrder.close());
    inOrder.next(['b'], 0, 1, 1);
    inOrder.next(['a'], 0, 1, 0);
    expect(log).toEqual(['0: a', 'next is 1']);
  });

  it('come when their observer wants them, and end as they end', () => {
    const { log, inOrder } = setUp();
    expect(inOrder.reportAfter).toBe(7);
    inOrder.measured();
    inOrder.error(new Error('no'));
    inOrder.complete();
    expect(log).toEqual(['Error: no', 'complete']);
  });
});
