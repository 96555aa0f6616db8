/** Finds workers and ports that somebody left behind. */

export interface Resources {
  /** Worker threads that exist, whether they keep the process alive or not. */
  readonly workers: number;
  /** What keeps the process alive, by kind. */
  readonly active: Readonly<Record<string, number>>;
}

/** Timers are not among them: Jest has its own, which come and go. */
const OURS = ['MessagePort', 'Worker'];

export function platformResources(): Resources {
  const report = process.report.getReport() as unknown as { workers: readonly unknown[] };
  const active: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) active[kind] = (active[kind] ?? 0) + 1;
  return { workers: report.workers.length, active };
}

/** One line for each kind of resource of which there are more now. */
export function leftoversSince(before: Resources): string[] {
  const now = platformResources();
  const threads = now.workers - before.workers;
  const ports = OURS.flatMap((kind) => {
    const more = (now.active[kind] ?? 0) - (before.active[kind] ?? 0);
    return more > 0 ? [`${more} more of ${kind}`] : [];
  });
  return threads > 0 ? [`${threads} more worker threads`, ...ports] : ports;
}
