/** Random traces for fast-check: of any shape that the type allows, also such as no pool would record. */
import * as fc from 'fast-check';
import type { Trace } from '../../../lib/trace/Trace.js';

const time = fc.oneof(
  fc.nat(1e6).map((micros) => micros / 1000),
  fc.double({ min: 0, max: 1e7, noNaN: true }),
);
const small = fc.nat(6);

/** Two times in their order. */
const stretch = fc.tuple(time, fc.oneof(time, fc.constant(0))).map(([start, length]) => {
  return { start, end: start + length };
});

/** Names with all that XML and terminals do not like. */
const name = fc.oneof(
  fc.constantFrom(
    '',
    'std',
    '<b>&amp;"\'</b>',
    ']]>',
    '\u0000\u001b[31m',
    '\ud800',
    '\uffff',
    'a\nb',
  ),
  fc.string({ unit: 'binary', maxLength: 80 }),
);

const call = fc.record({
  ...{
    name,
    concurrency: fc.integer({ min: 1, max: 8 }),
    perWorker: fc.integer({ min: 1, max: 4 }),
  },
  ...{ when: stretch, isOver: fc.boolean() },
  ...{
    arrived: small,
    done: small,
    failed: small,
    cancelled: small,
    dropped: small,
    retried: small,
  },
});

const worker = fc.record({
  when: stretch,
  ready: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  ending: fc.constantFrom(undefined, 'closed', 'crashed', 'overdue', 'failed to start'),
});

const element = fc.record({
  ...{ call: small, index: fc.nat(50), worker: small, batch: fc.nat(20), when: stretch },
  attempt: fc.integer({ min: 1, max: 4 }),
  outcome: fc.constantFrom('done', 'done', 'done', 'failed', 'timed out', 'crashed', 'cancelled'),
});

const batch = fc.record({
  ...{ call: small, worker: small, count: fc.integer({ min: 1, max: 50 }), when: stretch },
  ...{ isBack: fc.boolean(), share: fc.double({ min: 0, max: 1, noNaN: true }) },
});

const CAUSES = [
  'starting',
  'no work',
  'window full',
  'slow consumer',
  'limit',
  'retry delay',
] as const;
const idle = fc.record({ worker: small, when: stretch, cause: fc.constantFrom(...CAUSES) });

export const anyTrace: fc.Arbitrary<Trace> = fc
  .record({
    calls: fc.array(call, { maxLength: 5 }),
    workers: fc.array(worker, { maxLength: 6 }),
    elements: fc.array(element, { maxLength: 120 }),
    batches: fc.array(batch, { maxLength: 20 }),
    reclaims: fc.array(fc.record({ batch: small, worker: small, count: small, at: time }), {
      maxLength: 5,
    }),
    idle: fc.array(idle, { maxLength: 20 }),
    duration: time,
    omitted: fc.oneof(fc.constant(0), fc.nat(1000)),
  })
  .map((all): Trace => ({
    ...all,
    version: 1,
    startedAt: 0,
    calls: all.calls.map(({ when, isOver, ...own }, id) => {
      return { ...own, id, start: when.start, end: isOver ? when.end : undefined };
    }),
    workers: all.workers.map(({ when, ready, ending }, id) => {
      const end = ending && when.end;
      const since = ready === undefined ? ready : when.start + ready * (when.end - when.start);
      return { id, start: when.start, ready: since, end, ending };
    }),
    elements: all.elements.map(({ when, ...own }) => ({ ...own, ...when })),
    batches: all.batches.map(({ when: { start, end }, isBack, share, ...own }, id) => {
      const ran = share * (end - start);
      return { ...own, id, sent: start, returned: isBack ? end : undefined, ran };
    }),
    idle: all.idle.map(({ when, ...own }) => ({ ...own, ...when })),
  }));

/** A trace of nothing. */
export const emptyTrace: Trace = {
  ...{ version: 1, startedAt: 0, duration: 0, omitted: 0 },
  ...{ calls: [], workers: [], elements: [], batches: [], reclaims: [], idle: [] },
};
