/** Finds workers and ports that somebody left behind. */
import { setImmediate } from 'node:timers/promises';

export interface Resources {
  /** Worker threads that exist, whether they keep the process alive or not. */
  readonly workers: number;
  /** Handles by which other threads call this one, ports above all, whether they are ref'd or not. */
  readonly ports: number;
  /** What keeps the process alive, by kind. */
  readonly active: Readonly<Record<string, number>>;
}

interface Report {
  readonly workers: readonly unknown[];
  readonly libuv: readonly { readonly type: string }[];
}

/** Timers are not among them: Jest has its own, which come and go. */
const OURS = ['MessagePort', 'Worker'];

/** A closed handle is gone a turn of the event loop later, and the other end of a port one more. */
const TURNS = 3;

/** How often it is looked again while something is left: on a busy machine a thread takes longer to end. */
const LOOKS = 10;

export function platformResources(): Resources {
  const { workers, libuv } = process.report.getReport() as unknown as Report;
  const active: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) active[kind] = (active[kind] ?? 0) + 1;
  const ports = libuv.filter(({ type }) => type === 'async').length;
  return { workers: workers.length, ports, active };
}

/** One line for each kind of resource of which there are more now, and stay more. */
export async function leftoversSince(before: Resources): Promise<string[]> {
  let left: string[] = [];
  for (let look = 0; look < LOOKS; look++) {
    for (let turn = 0; turn < TURNS; turn++) await setImmediate();
    left = difference(before, platformResources());
    if (left.length === 0) break;
  }
  return left;
}

function difference(before: Resources, now: Resources): string[] {
  const threads = now.workers - before.workers;
  const ports = now.ports - before.ports;
  const active = OURS.flatMap((kind) => {
    const more = (now.active[kind] ?? 0) - (before.active[kind] ?? 0);
    return more > 0 ? [`${more} more of ${kind}`] : [];
  });
  return [
    ...(threads > 0 ? [`${threads} more worker threads`] : []),
    ...(ports > 0 ? [`${ports} more open ports`] : []),
    ...active,
  ];
}
