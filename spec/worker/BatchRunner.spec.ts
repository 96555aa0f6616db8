/** What a worker does with each message, seen from the other end of its port. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { loadTask } from '../../lib/task/loadTask.js';
import { BatchRunner } from '../../lib/worker/BatchRunner.js';
import { makeClaims, openClaims, stopClaims } from '../../lib/worker/claims.js';
import { makeClock } from '../../lib/worker/elementClock.js';
import type { MainMessage, WorkerMessage } from '../../lib/worker/messages.js';
import { noteListeners } from '../../lib/worker/noteListeners.js';

const CELL = 0;
const claims = makeClaims();
let port: MessagePort;
let received: WorkerMessage[];
let onReceived: () => void;
/** It listens for the end of its thread, which is this one here. */
let undoListeners: () => void;

beforeEach(() => {
  const channel = new MessageChannel();
  port = channel.port1;
  received = [];
  port.on('message', (message: WorkerMessage) => {
    received.push(message);
    onReceived();
  });
  undoListeners = noteListeners(['exit']);
  new BatchRunner(channel.port2, { workerId: 0, claims, clock: makeClock() }, loadTask);
  openClaims(claims, CELL);
});

afterEach(() => {
  port.close();
  undoListeners();
});

const say = (message: MainMessage): void => {
  port.postMessage(message);
};

/** Sends a batch, and gives what comes with its return. */
async function run(
  message: Partial<Extract<MainMessage, { type: 'run' }>>,
): Promise<WorkerMessage | undefined> {
  const values = message.values ?? ['an element'];
  const ranges = [{ start: 0, end: values.length }];
  say({
    type: 'run',
    batch: 1,
    cell: CELL,
    task: 0,
    ranges,
    values,
    settled: false,
    reportAfter: 10,
    ...message,
  });
  await new Promise<void>((resolve) => {
    onReceived = () => {
      if (received.at(-1)?.busy !== undefined) resolve();
    };
  });
  openClaims(claims, CELL);
  return received.at(-1);
}

const tellShared = { kind: 'inline', source: '(_, __, { shared }) => shared' } as const;

describe('a worker', () => {
  it('keeps the function of a task and a shared value, which come once', async () => {
    const first = await run({ source: tellShared, shared: { id: 7, value: 'ours' } });
    expect(first?.values).toEqual(['ours']);
    const second = await run({ shared: { id: 7 } });
    expect(second?.values).toEqual(['ours']);
  });

  it('lets a shared value go when it is told to forget it, and no other', async () => {
    await run({ source: tellShared, shared: { id: 7, value: 'ours' } });
    await run({ shared: { id: 8, value: 'theirs' } });
    say({ type: 'forget', shared: 7 });
    expect((await run({ shared: { id: 7 } }))?.values).toEqual([undefined]);
    expect((await run({ shared: { id: 8 } }))?.values).toEqual(['theirs']);
  });

  it('gives nothing to a function whose call shares nothing', async () => {
    await run({ source: tellShared, shared: { id: 7, value: 'ours' } });
    expect((await run({}))?.values).toEqual([undefined]);
  });

  it('returns a batch that was taken back before it came with nothing', async () => {
    stopClaims(claims, CELL, 1);
    expect(await run({ source: tellShared })).toMatchObject({ batch: 1, from: 0, values: [] });
    expect(received).toHaveLength(1);
  });
});
