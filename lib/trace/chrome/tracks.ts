/** Puts slices on tracks on which none overlaps another, as Perfetto wants it. */
import type { Interval } from '../intervals.js';
import { placesOf } from '../placesOf.js';
import type { Slice } from './slices.js';

/** Groups of tracks: processes to Chrome. */
export const GROUPS = { calls: 1, workers: 2, batches: 3 } as const;

/** What a group has tracks of. */
export interface Group {
  readonly pid: number;
  readonly owners: ReadonlyMap<number | undefined, readonly Slice[]>;
  readonly nameOf: (worker: number | undefined) => string;
}

export interface Track {
  readonly pid: number;
  /** No other track has it, in any group, and no group: Perfetto finds a track by this alone when it names it. */
  readonly tid: number;
  readonly name: string;
  /** The worker, if it is one's. */
  readonly worker: number | undefined;
  /** By start, what took no time first; in whole nanoseconds: what follows on another does so when it is written down. */
  readonly slices: Slice[];
}

/** The first track of each worker's comes first; further ones take what overlaps. */
export function layTracks(groups: readonly Group[]): Track[] {
  const tracks: Track[] = [];
  const first = Math.max(...Object.values(GROUPS)) + 1;
  for (const { pid, owners, nameOf } of groups) {
    for (const [worker, all] of [...owners].sort(([a = -1], [b = -1]) => a - b)) {
      const slices = all.map(inNanos).sort((a, b) => a.start - b.start || a.end - b.end);
      const own: Track[] = [];
      const open = (): void => {
        const name = nameOf(worker) + (own.length === 0 ? '' : ` (${own.length + 1})`);
        const track = { pid, tid: first + tracks.length, name, worker, slices: [] };
        own.push(track);
        tracks.push(track);
      };
      open();
      for (const [nth, place] of placesOf(slices).entries()) {
        if (place === own.length) open();
        own[place]!.slices.push(slices[nth]!);
      }
    }
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
