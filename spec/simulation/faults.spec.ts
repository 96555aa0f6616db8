/** The real pool and scheduler in random worlds full of faults, in virtual time. */
import * as fc from 'fast-check';
import { live } from '../support/faults/live.js';
import { worlds } from '../support/faults/worlds.js';

/** Both from the environment: `SEED=123 WORLDS=100000 npx jest spec/simulation` */
const { SEED, WORLDS = '3000' } = process.env;

async function inEveryWorld(
  numRuns: number,
  check: (world: Parameters<typeof live>[0]) => Promise<void>,
): Promise<void> {
  const parameters = SEED === undefined ? {} : { seed: Number(SEED) };
  const property = fc.asyncProperty(worlds, check);
  const details = await fc.check(property, { numRuns, ...parameters });
  if (!details.failed) return;
  const replay = `SEED=${details.seed} WORLDS=${WORLDS} npx jest spec/simulation`;
  const what = String((details.errorInstance as Error).message);
  throw new Error(`Again: ${replay}\n${what}\n${fc.defaultReportMessage(details)}`);
}

describe('in every world, whatever fails', () => {
  beforeAll(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
  });
  afterAll(() => {
    jest.useRealTimers();
  });

  it('each element ends once, limits are kept, no slot idles beside work, all comes to an end', async () => {
    await inEveryWorld(Number(WORLDS), async (world) => {
      const { faults, log } = await live(world);
      if (faults.length > 0) throw new Error([...faults, ...log.slice(-60)].join('\n'));
    });
  }, 600_000);
});
