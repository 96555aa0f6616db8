/** The few functions of `threads` that we use. Its own types do not resolve from ES modules (TS7016). */

declare module 'threads' {
  /** The part of a browser's Worker that it uses. */
  interface WorkerLike {
    postMessage(message: unknown, transferList?: readonly never[]): void;
    terminate(): unknown;
    addEventListener(event: string, listener: (event: { readonly data: unknown }) => void): void;
    removeEventListener(event: string, listener: (event: { readonly data: unknown }) => void): void;
  }

  interface TransferDescriptor {
    readonly send: unknown;
    readonly transferables: readonly unknown[];
  }

  /** Waits for the worker's `expose()`, then gives its functions. */
  export function spawn<Exposed>(
    worker: WorkerLike,
    options?: { timeout?: number },
  ): Promise<Exposed>;
  export function Transfer(payload: object, transferables: readonly object[]): TransferDescriptor;
  export const Thread: { terminate(thread: unknown): Promise<void> };
}

declare module 'threads/worker' {
  export function expose(functions: Record<string, (...args: never[]) => unknown>): void;
}
