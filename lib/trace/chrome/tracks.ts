/** Puts slices on tracks on which none overlaps another, as Perfetto wants it. */
import type { Interval } from '../intervals.js';
import { placesOf } from '../placesOf.js';
import type { Slice } from './slices.js';

/** Groups of tracks: processes to Chrome. */
export const GROUPS = { calls: 1, workers: 2, batches: 3 } as const;

export interface Track {
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
  /** The worker, if it is one's. */
  readonly worker: number | undefined;
  /** By start, what took no time first; in whole nanoseconds: what follows on another does so when it is written down. */
  readonly slices: Slice[];
}

/** The first track of each worker's comes first; further ones take what overlaps. */
export function layTracks(
  pid: number,
  owners: ReadonlyMap<number | undefined, readonly Slice[]>,
  nameOf: (worker: number | undefined) => string,
): Track[] {
  const tracks: Track[] = [];
  for (const [worker, all] of [...owners].sort(([a = -1], [b = -1]) => a - b)) {
    const slices = all.map(inNanos).sort((a, b) => a.start - b.start || a.end - b.end);
    const own: Track[] = [];
    const open = (): void => {
      const name = nameOf(worker) + (own.length === 0 ? '' : ` (${own.length + 1})`);
      own.push({ pid, tid: tracks.length + own.length + 1, name, worker, slices: [] });
    };
    open();
    for (const [nth, place] of placesOf(slices).entries()) {
      if (place === own.length) open();
      own[place]!.slices.push(slices[nth]!);
    }
    // Not spread: there may be more than a call has arguments.
    for (const track of own) tracks.push(track);
  }
  return tracks;
}

function inNanos<T extends Interval>(slice: T): T {
  return { ...slice, start: nanos(slice.start), end: nanos(slice.end) };
}

/** Of milliseconds. */
export function nanos(millis: number): number {
  return Math.round(millis * 1e6);
}
