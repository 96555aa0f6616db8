/** Keeps when workers had nothing to run, and why: one span after the other for each worker. */
import type { Millis, SlotId } from '../../executors/Executor.js';
import type { IdleSpan } from '../../trace/Trace.js';
import { Ring } from './Ring.js';

interface OpenSpan {
  readonly cause: IdleSpan['cause'];
  readonly start: Millis;
}

export class IdleSpans {
  readonly #ended: Ring<IdleSpan>;
  readonly #open = new Map<SlotId, OpenSpan>();

  constructor(limit: number) {
    this.#ended = new Ring(limit);
  }

  begin(worker: SlotId, cause: IdleSpan['cause'], start: Millis): void {
    this.#open.set(worker, { cause, start });
  }

  /** A worker idles since then, and now it is for this cause. */
  note(worker: SlotId, cause: IdleSpan['cause'], since: Millis, now: Millis): void {
    const open = this.#open.get(worker);
    if (!open) return this.begin(worker, cause, since);
    if (open.cause === cause) return;
    this.end(worker, now);
    this.begin(worker, cause, now);
  }

  end(worker: SlotId, now: Millis): void {
    const open = this.#open.get(worker);
    if (!open) return;
    this.#open.delete(worker);
    if (open.start < now) this.#ended.add({ worker, ...open, end: now });
  }

  endAll(now: Millis): void {
    for (const worker of [...this.#open.keys()]) this.end(worker, now);
  }

  /** Those that go on end now. */
  read(now: Millis): IdleSpan[] {
    const open = [...this.#open].map(([worker, span]) => ({ worker, ...span, end: now }));
    return [...this.#ended.toArray(), ...open.filter(({ start, end }) => start < end)];
  }
}
