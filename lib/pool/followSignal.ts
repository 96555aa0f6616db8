/** Listens to abort signals once for all who follow them. */

type Follower = (reason: unknown) => void;

const followers = new WeakMap<AbortSignal, Set<Follower>>();

/**
 * Calls `onAbort` with the signal's reason when it is aborted; at once if it is already. However many
 * follow a signal, it has one listener: a service hands the same one to every call, and Node warns of
 * a leak at eleven.
 *
 * @returns stops following
 */
export function followSignal(signal: AbortSignal, onAbort: Follower): () => void {
  if (signal.aborted) {
    onAbort(signal.reason);
    return () => undefined;
  }
  const all = followers.get(signal) ?? listen(signal);
  all.add(onAbort);
  return () => all.delete(onAbort);
}

function listen(signal: AbortSignal): Set<Follower> {
  const all = new Set<Follower>();
  followers.set(signal, all);
  // Stays on the signal, and goes with it.
  signal.addEventListener(
    'abort',
    () => {
      for (const onAbort of all) onAbort(signal.reason);
    },
    { once: true },
  );
  return all;
}
