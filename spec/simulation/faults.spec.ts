/** The real pool and scheduler in random worlds full of faults, in virtual time. */
import * as fc from 'fast-check';
import { live } from '../support/faults/live.js';
import type { World } from '../support/faults/World.js';
import { worlds } from '../support/faults/worlds.js';

/** `SEED=123 WORLDS=100000 npx jest spec/simulation`; with `SHRINK=no` the first world that fails will do. */
const { SEED, WORLDS = '2000', SHRINK } = process.env;

async function inEveryWorld(
  numRuns: number,
  brokenIn: (world: World) => Promise<readonly string[]>,
): Promise<void> {
  const parameters = {
    ...(SEED !== undefined && { seed: Number(SEED) }),
    endOnFailure: SHRINK === 'no',
  };
  const property = fc.asyncProperty(worlds, async (world) => {
    const broken = await brokenIn(world);
    if (broken.length > 0) throw new Error(broken.join('\n'));
  });
  const details = await fc.check(property, { numRuns, ...parameters });
  if (!details.failed) return;
  const again = `SEED=${details.seed} WORLDS=${WORLDS} npx jest spec/simulation`;
  const broken = (details.errorInstance as Error).message;
  throw new Error(`${broken}\n\nTo see it again: ${again}\n${fc.defaultReportMessage(details)}`);
}

describe('in every world, whatever fails', () => {
  it('each element ends once, limits are kept, no slot idles beside work, and all comes to an end', async () => {
    await inEveryWorld(Number(WORLDS), async (world) => {
      const { faults, log } = await live(world);
      return faults.length > 0 ? [...faults, '', ...log] : [];
    });
  }, 3_600_000);

  it('the same happens again', async () => {
    await inEveryWorld(Math.ceil(Number(WORLDS) / 20), async (world) => {
      const [once, again] = [await live(world), await live(world)];
      const at = once.log.findIndex((line, nth) => line !== again.log[nth]);
      return at === -1 ? [] : [`${once.log[at]!}\nis now ${again.log[at] ?? 'nothing'}`];
    });
  }, 3_600_000);
});

/** The line of a log without its time and figures, and the beginning of what errors say. */
function kindOf(line: string): string {
  const words = line.replace(/^[\d.]+ /, '').replace(/[ \d.,:]+/g, ' ');
  return words.slice(0, 35).trim();
}

describe('the worlds', () => {
  it('are varied enough to hold every end, every action, and slots that end in every way', async () => {
    const met = new Set<string>();
    for (const world of fc.sample(worlds, { numRuns: 500, seed: 1 })) {
      const { log } = await live(world);
      for (const line of log) if (!line.includes('FAULT')) met.add(kindOf(line));
    }
    expect([...met].sort()).toMatchInlineSnapshot(`
      [
        "abort",
        "abort batch",
        "cancel",
        "close",
        "close slot",
        "destroy",
        "end",
        "lane completes",
        "lane fails Error aborted by its use",
        "lane fails PoolClosedError The pool",
        "lane fails TaskError Element failed",
        "lane fails TaskTimeoutError Element",
        "lane fails WorkerCrashedError Each",
        "lane fails WorkerCrashedError Every",
        "lane fails WorkerCrashedError No wo",
        "lane fails WorkerCrashedError The w",
        "lane has",
        "open",
        "open lane",
        "open slot",
        "push",
        "reclaim batch from",
        "slot does not open",
        "slot does not open nor will others",
        "slot expires",
        "slot gets batch",
        "slot is lost",
        "slot is open",
        "slot is overdue",
        "slot returns batch",
        "slot runs",
      ]
    `);
  });
});
