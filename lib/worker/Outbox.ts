/** Sends together what is posted together: to wake another thread takes longer than to write what is small. */
import type { MessagePort, Transferable } from 'node:worker_threads';

export interface Post<Message> {
  readonly message: Message;
  readonly transfer: readonly Transferable[];
  /** It cannot be cloned. */
  readonly onRefused: (error: unknown) => void;
}

/** What comes out of the port: one message, or some that were sent together. */
export type Mail<Message> = Message | readonly Message[];

export class Outbox<Message> {
  readonly #port: MessagePort;
  readonly #later: (flush: () => void) => void;
  #posts: Post<Message>[] = [];

  /** @param later calls back when nothing more is to be waited for */
  constructor(port: MessagePort, later: (flush: () => void) => void) {
    this.#port = port;
    this.#later = later;
  }

  /** Sends at once, behind what waits. */
  send(post: Post<Message>): void {
    this.flush();
    this.#sendAlone(post);
  }

  /** Sends soon, together with what else is added until then. */
  add(post: Post<Message>): void {
    if (this.#posts.push(post) > 1) return;
    this.#later(() => {
      this.flush();
    });
  }

  /** Sends what waits, so that it comes before whatever is posted next. */
  flush(): void {
    const posts = this.#posts;
    if (posts.length === 0) return;
    this.#posts = [];
    try {
      const transfer = posts.flatMap((post) => post.transfer);
      this.#port.postMessage(
        posts.map(({ message }) => message),
        transfer,
      );
    } catch {
      // For one of them. Nothing was transferred.
      for (const post of posts) this.#sendAlone(post);
    }
  }

  #sendAlone({ message, transfer, onRefused }: Post<Message>): void {
    try {
      this.#port.postMessage(message, transfer);
    } catch (error) {
      onRefused(error);
    }
  }
}

/** The messages in what came out of the port, in their order. */
export function messagesIn<Message>(mail: Mail<Message>): readonly Message[] {
  return Array.isArray(mail) ? (mail as readonly Message[]) : [mail as Message];
}
