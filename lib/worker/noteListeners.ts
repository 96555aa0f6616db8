/** Undoes the listeners that a package puts on `process` while it loads. */

/**
 * Notes which listeners `process` has for these events.
 *
 * @returns removes every listener added since
 */
export function noteListeners(events: readonly string[]): () => void {
  const noted = new Map(events.map((event) => [event, new Set(process.rawListeners(event))]));
  return () => {
    for (const [event, before] of noted) {
      for (const listener of process.rawListeners(event)) {
        if (!before.has(listener)) process.removeListener(event, listener as () => void);
      }
    }
  };
}
