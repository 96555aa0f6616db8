/** What the function gets as its third argument. */
import type { Transferable } from 'node:worker_threads';
import { quote } from '../quote.js';
import type { TaskContext } from './task.js';
import { checkTransferable } from './transferable.js';

/** Makes what is an element's own only when the function asks for it: most never do. */
export class ElementContext implements TaskContext<unknown> {
  #controller: AbortController | undefined;
  #transfer: TaskContext['transfer'] | undefined;
  #moved: Transferable[] | undefined;

  constructor(
    readonly workerId: number,
    readonly shared: unknown,
  ) {}

  /** Whether the function has asked for something that must not be another element's. */
  get isItsOwn(): boolean {
    return this.#controller !== undefined || this.#transfer !== undefined;
  }

  /** What is to be moved with the result. What is added once that is there has no effect. */
  get moved(): readonly Transferable[] | undefined {
    return this.#moved;
  }

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  /** A function of its own, since users take it out of the context. */
  get transfer(): TaskContext['transfer'] {
    return (this.#transfer ??= (result, list) => {
      if (!Array.isArray(list)) {
        throw new TypeError(
          `context.transfer expects a list of what is to be moved, transfer(result, [buffer]), but got ${quote(list)}`,
        );
      }
      for (const [nth, one] of list.entries())
        checkTransferable(`context.transfer: list[${nth}]`, one);
      (this.#moved ??= []).push(...(list as readonly Transferable[]));
      return result;
    });
  }

  abort(reason?: unknown): void {
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
  }
}
