import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { messagesIn, Outbox, type Mail } from '../../lib/worker/Outbox.js';

let port: MessagePort;
let mails: unknown[];
let outbox: Outbox<unknown>;
let endTurn: () => void;

beforeEach(() => {
  const channel = new MessageChannel();
  port = channel.port2;
  mails = [];
  port.on('message', (mail) => mails.push(mail));
  outbox = new Outbox(channel.port1, (flush) => (endTurn = flush));
});
afterEach(() => {
  port.close();
});

/** What has come when all that was sent has. */
async function received(): Promise<unknown[]> {
  outbox.send(postOf('end'));
  while (mails.at(-1) !== 'end') await new Promise((resolve) => setImmediate(resolve));
  return mails.slice(0, -1);
}

const refused: string[] = [];
const postOf = (message: unknown, transfer: readonly ArrayBuffer[] = []) => ({
  message,
  transfer,
  onRefused: (error: unknown) => refused.push((error as Error).name),
});

describe('an outbox', () => {
  it('sends together what was added in a turn', async () => {
    for (const message of [1, 2, 3]) outbox.add(postOf(message));
    endTurn();
    outbox.add(postOf(4));
    endTurn();
    expect(await received()).toEqual([[1, 2, 3], [4]]);
  });

  it('sends what waits before what is sent at once', async () => {
    outbox.add(postOf(1));
    outbox.send(postOf(2));
    endTurn();
    expect(await received()).toEqual([[1], 2]);
  });

  it('says which cannot be cloned, and sends the others', async () => {
    for (const message of [1, () => 2, 3]) outbox.add(postOf(message));
    endTurn();
    expect(await received()).toEqual([1, 3]);
    expect(refused).toEqual(['DataCloneError']);
  });

  it('moves what each hands over, once', async () => {
    const [one, other] = [new ArrayBuffer(1), new ArrayBuffer(2)];
    outbox.add(postOf(one, [one]));
    outbox.add(postOf(other, [other]));
    endTurn();
    const [mail] = await received();
    expect(messagesIn(mail as Mail<ArrayBuffer>).map(({ byteLength }) => byteLength)).toEqual([
      1, 2,
    ]);
    expect([one.byteLength, other.byteLength]).toEqual([0, 0]);
  });
});
