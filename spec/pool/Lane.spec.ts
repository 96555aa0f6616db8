import { TaskError } from '../../lib/errors.js';
import { Lane } from '../../lib/pool/Lane.js';
import type { Fact } from '../../lib/scheduler/facts.js';
import { LANE_OPTIONS } from '../support/laneOptions.js';

/** A lane, and the facts that it tells, in short. */
interface Plan {
  readonly cost?: (value: unknown) => number;
  readonly key?: (value: unknown) => unknown;
  readonly onFact?: () => void;
}

function setUp({ cost, key, onFact }: Plan = {}) {
  const facts: string[] = [];
  const tell = (fact: Fact) => {
    const arrived = (fact: { count: number; keys?: readonly number[] | undefined }) =>
      `${fact.count} arrived${fact.keys ? ` of ${fact.keys.join()}` : ''}`;
    facts.push(fact.type === 'elementsArrived' ? arrived(fact) : fact.type);
    if (fact.type === 'elementsArrived') onFact?.();
  };
  const options = { ...LANE_OPTIONS, cost, key };
  const observer = {
    reportAfter: 10,
    next: jest.fn(),
    dropped: jest.fn(),
    error: jest.fn(),
    complete: jest.fn(),
  };
  const lane = new Lane(0, options, observer, tell);
  /** What was told since the last call. */
  const news = () => facts.splice(0);
  const pushMany = (count: number) => {
    for (let i = 0; i < count; i++) lane.push(i);
  };
  return { lane, news, observer, pushMany };
}

describe('a lane', () => {
  it('tells of an element at once while none of the others waits for a slot', () => {
    const { lane, news } = setUp();
    lane.push('a');
    expect(news()).toEqual(['1 arrived']);
    lane.elementsIn([{ start: 0, end: 1 }]);
    lane.push('b');
    expect(news()).toEqual(['1 arrived']);
  });

  it('tells of those that come behind a waiting one together, before anything else can happen', async () => {
    const { news, pushMany } = setUp();
    pushMany(4);
    expect(news()).toEqual(['1 arrived']);
    await Promise.resolve();
    expect(news()).toEqual(['3 arrived']);
  });

  it('does not let more than some wait to be told of', () => {
    const { news, pushMany } = setUp();
    pushMany(1 + 3 * 1024);
    expect(news()).toEqual(['1 arrived', '1024 arrived', '1024 arrived', '1024 arrived']);
  });

  it('tells its observer of elements that never run, and lets go of them', () => {
    const { lane, observer, pushMany } = setUp();
    pushMany(5);
    lane.drop([{ start: 1, end: 4 }]);
    expect(observer.dropped.mock.calls).toEqual([[1, 3]]);
    expect(lane.elementsIn([{ start: 0, end: 5 }])).toEqual([0, 0, 0, 0, 4]);
  });

  it('tells of all before it tells that the input is complete', () => {
    const { lane, news, pushMany } = setUp();
    pushMany(3);
    lane.end();
    expect(news()).toEqual(['1 arrived', '2 arrived', 'laneEnded']);
  });

  it('tells of nothing more once it is cancelled', async () => {
    const { lane, news, pushMany } = setUp();
    pushMany(3);
    lane.cancel();
    await Promise.resolve();
    expect(news()).toEqual(['1 arrived', 'laneCancelled']);
  });

  it('tells of a long array in parts, so that the first can run while the rest is copied', () => {
    const { lane, news } = setUp();
    lane.pushAll(new Array(131_073).fill(0));
    expect(news()).toEqual(['131072 arrived', '1 arrived']);
  });

  it('tells of an array with costs at once, since any element may be the dearest', () => {
    const { lane, news } = setUp({ cost: () => 1 });
    lane.pushAll(new Array(131_073).fill(0));
    expect(news()).toEqual(['131073 arrived']);
  });

  describe('whose elements have keys', () => {
    const key = (value: unknown) => value;
    const end = (lane: Lane, index: number) => {
      const settled = [{ from: 0, values: [0], failures: [], durations: undefined }];
      lane.deliver([{ start: index, end: index + 1 }], settled);
    };

    it('tells of each by a number: the same for those that a Map takes for the same', () => {
      const { lane, news } = setUp({ key });
      const object = {};
      lane.pushAll([NaN, 'a', 0, object, undefined, NaN, -0, {}, object, undefined]);
      expect(news()).toEqual(['10 arrived of 0,1,2,3,4,0,2,5,3,4']);
    });

    it('tells of those that come one by one in the order of the input', async () => {
      const { lane, news } = setUp({ key });
      for (const value of 'abca') lane.push(value);
      lane.pushAll(['b', 'd']);
      lane.push('a');
      await Promise.resolve();
      expect(news()).toEqual([
        ...['1 arrived of 0', '3 arrived of 1,2,0', '2 arrived of 1,3', '1 arrived of 0'],
      ]);
    });

    it('knows a key until the last of its elements has ended, and no longer', () => {
      const { lane, news } = setUp({ key });
      lane.pushAll(['a', 'b', 'a']);
      end(lane, 0);
      lane.pushAll(['a']);
      end(lane, 2);
      end(lane, 3);
      lane.pushAll(['a', 'b']);
      expect(news()).toEqual(['3 arrived of 0,1,0', '1 arrived of 0', '2 arrived of 2,1']);
    });

    it('forgets the key of what was dropped', () => {
      const { lane, news } = setUp({ key });
      lane.pushAll(['a', 'b']);
      lane.drop([{ start: 1, end: 2 }]);
      lane.pushAll(['b', 'a']);
      expect(news()).toEqual(['2 arrived of 0,1', '2 arrived of 2,0']);
    });

    it('keeps to the order of the input where the function for the key pushes others', () => {
      const { lane, news } = setUp({
        key: (value) => {
          if (value === 'a') lane.pushAll(['b', 'c']);
          return value;
        },
      });
      lane.pushAll(['a', 'b']);
      expect(news()).toEqual(['2 arrived of 0,1', '2 arrived of 2,0']);
    });

    it('takes nothing once the function for the key has cancelled it', () => {
      const { lane, news } = setUp({ key: () => lane.cancel() });
      lane.push('a');
      lane.pushAll(['a', 'b']);
      expect(news()).toEqual(['laneCancelled']);
    });

    it('fails with what the function for the key throws', () => {
      const thrown = new RangeError('no');
      const { lane, observer } = setUp({
        key: () => {
          throw thrown;
        },
      });
      lane.push('a');
      expect(observer.error).toHaveBeenCalledWith(thrown);
    });
  });

  it('takes no more of a long array once who hears of its first part has cancelled it', () => {
    const { lane, news } = setUp({ onFact: () => lane.cancel() });
    lane.pushAll(new Array(131_073).fill(0));
    expect(news()).toEqual(['131072 arrived', 'laneCancelled']);
  });

  it('leaves the reason of a signal as it is, also if that is an error of another call', () => {
    const { lane, observer } = setUp();
    const controller = new AbortController();
    lane.follow(controller.signal);
    const reason = new TaskError(0, new Error('elsewhere'));
    const { stack } = reason;
    controller.abort(reason);
    expect(observer.error).toHaveBeenCalledWith(reason);
    expect(reason.stack).toBe(stack);
  });

  it('asks for the cost of a hole as of undefined', () => {
    const cost = jest.fn(() => 1);
    setUp({ cost }).lane.pushAll(new Array(2));
    expect(cost.mock.calls).toEqual([[undefined], [undefined]]);
  });
});
