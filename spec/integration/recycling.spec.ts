import { createPool, type TaskContext } from '../../lib/index.js';
import { leftoversSince, platformResources } from '../support/leftovers.js';

const whoAmI = (_: unknown, __: number, { workerId }: TaskContext): number => workerId;

function countsOf(ids: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts.values()];
}

describe('a pool with maxElementsPerWorker', () => {
  it.each([1, 2])('lets none of %d workers run more elements than that', async (size) => {
    const before = platformResources();
    const pool = createPool({ size, maxElementsPerWorker: 50 });
    const values = Array.from({ length: 1000 }, (_, nth) => nth);
    const counts = countsOf(await pool.mapArray(values, whoAmI));
    expect(counts.reduce((sum, count) => sum + count)).toBe(1000);
    expect(Math.max(...counts)).toBeLessThanOrEqual(50);
    await pool.destroy();
    expect(await leftoversSince(before)).toEqual([]);
  });

  it('has a fresh worker for each element when that is 1', async () => {
    await using pool = createPool({ size: 2, maxElementsPerWorker: 1 });
    const ids = await pool.mapArray([1, 2, 3, 4, 5], whoAmI);
    expect(new Set(ids).size).toBe(5);
    expect(ids).not.toContain(await pool.run(whoAmI, 0));
  });

  it('counts from one call to the next', async () => {
    await using pool = createPool({ size: 1, maxElementsPerWorker: 3 });
    const ids = [];
    for (let call = 0; call < 6; call++) ids.push(await pool.run(whoAmI, 0));
    expect(countsOf(ids)).toEqual([3, 3]);
  });
});
