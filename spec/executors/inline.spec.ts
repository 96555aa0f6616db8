import { inline } from '../../lib/executors/inline/inline.js';
import type { TaskContext } from '../../lib/task/task.js';
import { describeExecutor } from './contract.js';
import { Rig } from './contract/Rig.js';

describeExecutor('inline()', inline, {});

describe('inline(), beyond the contract', () => {
  let rig: Rig;

  beforeEach(async () => {
    rig = new Rig(inline());
    await rig.open();
  });

  afterEach(() => {
    expect(rig.outOfTurn).toEqual([]);
  });

  it('opens a slot at once', () => {
    expect(inline().open(0, () => undefined)).toBeUndefined();
  });

  it('runs a function that returns no promise before `run` is over', () => {
    const run = rig.run((value: number) => value + 1, [1, 2]);
    expect(run.isOver).toBe(true);
  });

  it('runs the very function, with the variables around it', async () => {
    const seen: number[] = [];
    await rig.run((value: number) => seen.push(value), [1, 2]).ends;
    expect(seen).toEqual([1, 2]);
  });

  it('tells a function that it was aborted by a call from within itself', async () => {
    const abortItself = async (
      _: unknown,
      __: number,
      { signal }: TaskContext,
    ): Promise<boolean> => {
      rig.executor.abort(0, rig.lastBatch);
      await Promise.resolve();
      return signal.aborted;
    };
    const run = rig.run(abortItself, ['a', 'b']);
    expect(await run.ends).toEqual([{ value: true }, 'unstarted']);
  });
});
