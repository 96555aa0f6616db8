/** Lets the real pool and scheduler live through a world, and tells what happened and what was not kept. */
import { Dispatcher } from '../../../lib/pool/Dispatcher.js';
import type { Lane } from '../../../lib/pool/Lane.js';
import type { PoolEvent } from '../../../lib/pool/telemetry/PoolEvent.js';
import { TraceRecording } from '../../../lib/pool/telemetry/TraceRecording.js';
import type { LaneObserver } from '../../../lib/pool/LaneOptions.js';
import type { RetryPolicy } from '../../../lib/pool/retryOptions.js';
import { PoolClosedError, TaskError } from '../../../lib/errors.js';
import { LANE_OPTIONS } from '../laneOptions.js';
import { checkEvents } from './checkEvents.js';
import { checkTrace } from './checkTrace.js';
import { checkStats } from './checkStats.js';
import { FaultyExecutor } from './FaultyExecutor.js';
import { Ledger, type LaneAccount } from './Ledger.js';
import { Quiet } from './Quiet.js';
import { VirtualTime } from './VirtualTime.js';
import type { Action, LanePlan, Reaction, RetryPlan, World } from './World.js';

/** Milliseconds, from its opening, after which a user gives up a lane with an element that hangs. */
const PATIENCE = 500;

/** Events of a world at most: most have a hundred, a few have thousands, and none goes on for ever. */
const MOST_EVENTS = 20_000;

/** What a reaction opens. */
const SMALL_LANE: LanePlan = {
  limit: 1,
  settled: true,
  retry: undefined,
  timeout: undefined,
  pinned: false,
  window: undefined,
  hasShared: true,
  isNumeric: false,
  opensAt: 0,
  arrivals: [],
  endsAfter: 0,
  reactions: [],
};

/** Resolves when all promises that the last event has settled have been dealt with. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export async function live(world: World): Promise<{ log: string[]; faults: string[] }> {
  const time = new VirtualTime();
  const putBack = time.install();
  const life = new Life(world, time);
  const { ledger } = life;
  try {
    await life.run();
  } catch (error) {
    ledger.demand(false, `nothing is thrown: ${String((error as Error).stack)}`);
  }
  putBack();
  return ledger;
}

interface OpenLane {
  readonly lane: Lane;
  readonly account: LaneAccount;
  readonly controller: AbortController;
  hasEnded: boolean;
}

class Life {
  readonly ledger = new Ledger();
  readonly #world: World;
  readonly #time: VirtualTime;
  readonly #executor: FaultyExecutor;
  readonly #dispatcher: Dispatcher;
  readonly #lanes: OpenLane[] = [];
  readonly #events: PoolEvent[] = [];
  #isToldOfItsEnd = false;
  /** Of all calls, and of every second one. */
  readonly #recording = new TraceRecording(Infinity);
  readonly #recordingOfSome = new TraceRecording(Infinity);
  /** What is yet to come of the plan. */
  #expected = 0;
  #isClosed = false;
  #isClosing = false;

  constructor(world: World, time: VirtualTime) {
    this.#world = world;
    this.#time = time;
    this.#executor = new FaultyExecutor(world, this.ledger);
    const { size, idleTimeout, elementsPerSlot } = world;
    const executor = this.#executor;
    const trace = this.#recording;
    this.#dispatcher = new Dispatcher({ executor, size, idleTimeout, elementsPerSlot, trace });
    this.#dispatcher.telemetry.subscribe({
      next: (event) => this.#events.push(event),
      complete: () => (this.#isToldOfItsEnd = true),
    });
  }

  async run(): Promise<void> {
    const { ledger } = this;
    const quiet = new Quiet(this.#world, ledger, this.#executor);
    for (const plan of this.#world.lanes) this.#later(plan.opensAt, () => this.#open(plan));
    for (let step = 0; step < MOST_EVENTS; step++) {
      for (const { step: at, lane, does } of this.#world.interventions) {
        if (at === step) this.#act(does, lane);
      }
      await turn();
      quiet.check();
      if (ledger.faults.length > 0) return;
      if (this.#expected === 0 && !this.#isClosing && this.#areAllEnded) this.#act('close', 0);
      else if (this.#time.pending === 0) break;
      else this.#time.pass();
    }
    await turn();
    this.#checkEnd();
  }

  get #areAllEnded(): boolean {
    return this.ledger.lanes.every(({ isOpen }) => !isOpen);
  }

  #checkEnd(): void {
    const { ledger } = this;
    const executor = this.#executor;
    for (const { id, isOpen } of ledger.lanes) ledger.demand(!isOpen, `lane ${id} ends`);
    ledger.demand(this.#isClosed, 'the pool closes');
    ledger.demand(this.#time.pending === 0, 'no timer is left');
    for (const { id, state, held } of executor.slots.values()) {
      ledger.demand(state === 'gone', `nothing is left of slot ${id}`);
      ledger.demand(held.length === 0, `slot ${id} returns all of its batches`);
    }
    const counted = this.#lanes.map(({ account, lane }) => ({
      account,
      counts: lane.account.counts,
    }));
    const stats = this.#dispatcher.telemetry.read();
    checkStats(stats, counted, ledger, executor);
    checkEvents(this.#events, stats, ledger);
    checkTrace(this.#recording.read(), counted, true, ledger);
    const some = counted.filter(({ account }) => account.id % 2 === 0);
    checkTrace(this.#recordingOfSome.read(), some, false, ledger);
    ledger.demand(this.#isToldOfItsEnd, 'the events complete when the pool is closed');
    const shared = ledger.lanes.filter(({ plan }) => plan.hasShared).length;
    // Slots that are closed let go of everything.
    const isForgotten = ledger.isDestroyed || executor.forgotten === shared;
    ledger.demand(isForgotten, 'shared values are let go of');
  }

  #later(after: number, what: () => void): void {
    this.#expected++;
    setTimeout(() => {
      this.#expected--;
      what();
    }, after);
  }

  #open(plan: LanePlan): void {
    const account = this.ledger.openLane(plan);
    const controller = new AbortController();
    const { limit, perWorker = 1, batchSize, costs, keys, settled, retry, timeout } = plan;
    const { pinned, window, hasShared } = plan;
    this.ledger.note(`open lane ${account.id}`);
    const react = this.#reactionsOf(account);
    let lane: Lane;
    try {
      lane = this.#dispatcher.openLane(
        {
          ...LANE_OPTIONS,
          concurrency: limit,
          perWorker,
          batchSize,
          cost: costs && ((value) => costIn(costs, Number(value))),
          key: keys === undefined ? undefined : (value) => account.keyOf(Number(value)),
          settled,
          retry: retry && policyOf(retry, () => react('retry')),
          timeout,
          transfer: pinned
            ? () => {
                react('transfer');
                return [new ArrayBuffer(1)];
              }
            : undefined,
          shared: hasShared ? account : undefined,
          ordered: window !== undefined,
          atMost: window,
          signal: controller.signal,
          trace: account.id % 2 === 0 ? this.#recordingOfSome : undefined,
        },
        this.#observe(account, react),
      );
    } catch (error) {
      const isRefused = this.#isClosing && error instanceof PoolClosedError;
      this.ledger.demand(isRefused, `lane ${account.id} opens: ${String(error)}`);
      this.ledger.lanes.pop();
      return;
    }
    const open: OpenLane = { lane, account, controller, hasEnded: false };
    this.#lanes.push(open);
    this.#feed(open);
    const tries = plan.arrivals.flatMap(({ elements }) => elements.flatMap((one) => one.tries));
    const hangs = tries.some(({ end }) => end === 'hangs');
    if (hangs) this.#later(PATIENCE, () => this.#cancel(open));
  }

  #feed(open: OpenLane): void {
    const { arrivals, endsAfter } = open.account.plan;
    let at = 0;
    for (const { after, how, elements } of arrivals) {
      this.#later((at += after), () => {
        if (open.hasEnded) return;
        if (how === 'together') this.#push(open, elements.length);
        else elements.forEach(() => this.#push(open, 1));
      });
    }
    this.#later(at + endsAfter, () => this.#end(open));
  }

  #push({ lane, account }: OpenLane, count: number): void {
    // Of a lane that has ended nothing is taken.
    if (!account.isOpen) return lane.pushAll([0]);
    const values = Array.from({ length: count }, () => account.push());
    if (count === 1) lane.push(values[0]);
    else lane.pushAll(values);
  }

  #end(open: OpenLane): void {
    if (open.hasEnded) return;
    open.hasEnded = true;
    open.lane.end();
  }

  #cancel({ lane, account }: OpenLane): void {
    if (!account.isOpen) return;
    account.leave('cancelled');
    lane.cancel();
  }

  #act(does: Action, nth: number): void {
    const open = this.#lanes[nth % Math.max(1, this.#lanes.length)];
    this.ledger.note(`${does} ${open?.account.id ?? ''}`);
    if (does === 'close' || does === 'destroy') return this.#shutDown(does);
    if (does === 'open') return this.#open(SMALL_LANE);
    if (!open) return;
    if (does === 'cancel') return this.#cancel(open);
    if (does === 'end') return this.#end(open);
    if (does === 'push') return open.hasEnded ? undefined : this.#push(open, 1);
    const { account, controller } = open;
    const wasOpen = account.isOpen;
    controller.abort(account.abortReason);
    this.ledger.demand(!wasOpen || !account.isOpen, `lane ${account.id} ends with its signal`);
  }

  #shutDown(how: 'close' | 'destroy'): void {
    this.#isClosing = true;
    this.#executor.isShutDown = true;
    if (how === 'destroy') this.ledger.isDestroyed = true;
    const isOver = how === 'close' ? this.#dispatcher.close() : this.#dispatcher.destroy();
    void isOver.then(() => {
      this.#isClosed = true;
      const left = [...this.#executor.slots.values()].filter(({ state }) => state !== 'gone');
      this.ledger.demand(left.length === 0, `${how}() waits until nothing is left of its slots`);
    });
  }

  #reactionsOf({ id, plan }: LaneAccount): (on: Reaction['on']) => void {
    const calls = { next: 0, error: 0, complete: 0, transfer: 0, retry: 0 };
    return (on) => {
      const nth = calls[on]++;
      for (const reaction of plan.reactions) {
        if (reaction.on === on && reaction.nth === nth) this.#act(reaction.does, id);
      }
    };
  }

  #observe(account: LaneAccount, react: (on: Reaction['on']) => void): LaneObserver {
    const { ledger } = this;
    return {
      reportAfter: 10,
      next: (results, from, to, index) => {
        for (let nth = from; nth < to; nth++) account.deliver(index + nth - from, results[nth]);
        ledger.note(`lane ${account.id} has ${index}..${index + to - from - 1}`);
        react('next');
      },
      error: (error) => {
        account.finish('error', error);
        ledger.note(`lane ${account.id} fails: ${String(error)}`);
        react('error');
      },
      complete: () => {
        account.finish('complete');
        ledger.note(`lane ${account.id} completes`);
        react('complete');
      },
    };
  }
}

function policyOf({ count, delay, isPicky }: RetryPlan, onAsked: () => void): RetryPolicy {
  return {
    count,
    delayAfter: () => delay,
    isWorthATry: (error) => {
      onAsked();
      return !(isPicky && error instanceof TaskError);
    },
  };
}

function costIn(costs: NonNullable<LanePlan['costs']>, value: number): number {
  if (costs === 'equal') return 1;
  return costs === 'rising' ? value : -value;
}
