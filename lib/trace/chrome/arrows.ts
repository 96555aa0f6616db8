/** Which slices of a Chrome trace an arrow leads from and to: batches and their first element, tries of one element. */
import type { Slice } from './slices.js';
import type { Track } from './tracks.js';

export interface End {
  readonly track: Track;
  readonly slice: Slice;
}

export interface Arrow {
  readonly name: 'runs' | 'tried again';
  readonly from: End;
  readonly to: End;
}

export function arrowsBetween(tracks: readonly Track[]): Arrow[] {
  const batches = new Map<number, End>();
  const runs: End[] = [];
  for (const track of tracks) {
    for (const slice of track.slices) {
      if (slice.batch !== undefined) batches.set(slice.batch, { track, slice });
      if (slice.element) runs.push({ track, slice });
    }
  }
  runs.sort((a, b) => a.slice.start - b.slice.start);

  const arrows: Arrow[] = [];
  const tries = new Map<string, End>();
  for (const to of runs) {
    const { call, index, batch, attempt } = to.slice.element!;
    const sender = batches.get(batch);
    batches.delete(batch);
    if (sender) arrows.push({ name: 'runs', from: sender, to });
    const key = `${call} ${index}`;
    const before = tries.get(key);
    if (before && before.slice.element!.attempt < attempt) {
      arrows.push({ name: 'tried again', from: before, to });
    }
    if (attempt > 1 || to.slice.element!.outcome !== 'done') tries.set(key, to);
  }
  return arrows;
}
