/** What every Executor promises, as one suite. Each of them runs it in a spec of its own. */
import type { Executor } from '../../lib/executors/Executor.js';
import { aborts } from './contract/aborts.js';
import { closes } from './contract/closes.js';
import { crashesOnABatch } from './contract/crashesOnABatch.js';
import { crashesOnTwoBatches } from './contract/crashesOnTwoBatches.js';
import { crashesWithoutABatch } from './contract/crashesWithoutABatch.js';
import { fails } from './contract/fails.js';
import { moves } from './contract/moves.js';
import { opensAndRuns } from './contract/opensAndRuns.js';
import { queues } from './contract/queues.js';
import { crashesBeside, runsBeside } from './contract/runsBeside.js';
import { setsUp } from './contract/setsUp.js';
import { Rig } from './contract/Rig.js';
import { timesElements } from './contract/timesElements.js';
import { timesOut } from './contract/timesOut.js';

/** What only executors can do whose slots are threads or processes of their own. */
export interface CrashCapabilities {
  /** Executors whose slots end while they open, by what goes wrong in them. */
  readonly broken: Readonly<Record<string, () => Executor>>;
  /** An executor whose slots have some 16 MB of memory. */
  readonly cramped: () => Executor;
}

export interface Capabilities {
  /** Left out where slots cannot crash: there, a task that exits ends the whole process. */
  readonly crashes?: CrashCapabilities;
}

export function describeExecutor(
  name: string,
  makeExecutor: () => Executor,
  { crashes }: Capabilities,
): void {
  describe(`the executor ${name}`, () => {
    let rig: Rig;

    beforeEach(() => {
      rig = new Rig(makeExecutor());
    });

    // Every test is one of these as well: nothing was said out of turn, and nothing is left behind.
    afterEach(async () => {
      await rig.closeAll();
      expect(rig.outOfTurn).toEqual([]);
      expect(await rig.leftovers()).toEqual([]);
    });

    const current = (): Rig => rig;
    describe('sets up', () => setsUp(current));
    describe('runs', () => opensAndRuns(current));
    describe('reports failures', () => fails(current));
    describe('aborts', () => aborts(current));
    describe('ends over time', () => timesOut(current));
    describe('measures', () => timesElements(current));
    describe('queues', () => queues(current));
    describe('runs at once', () => runsBeside(current));
    describe('moves', () => moves(current));
    describe('closes', () => closes(current));
    if (!crashes) return;
    describe('survives crashes', () => {
      crashesWithoutABatch(current, crashes);
      crashesOnABatch(current, crashes);
      crashesOnTwoBatches(current);
      crashesBeside(current);
    });
  });
}
