/** What the function gets as its third argument. */
import type { TaskContext } from './task.js';

/** Makes its AbortController only when the function asks for the signal: most never do. */
export class ElementContext implements TaskContext<unknown> {
  #controller: AbortController | undefined;

  constructor(
    readonly workerId: number,
    readonly shared: unknown,
    readonly transfer: TaskContext['transfer'],
  ) {}

  /** Whether the function has asked for the signal, so that it must not be another element's. */
  get isItsOwn(): boolean {
    return this.#controller !== undefined;
  }

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  abort(reason?: unknown): void {
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
  }
}
