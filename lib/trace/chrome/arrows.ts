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

/** Of those that start at the same time, batches come before the elements that they brought. */
export function slicesByStart(tracks: readonly Track[]): End[] {
  const all = tracks.flatMap((track) => track.slices.map((slice): End => ({ track, slice })));
  const rank = ({ slice }: End): number => (slice.batch === undefined ? 1 : 0);
  return all.sort((a, b) => a.slice.start - b.slice.start || rank(a) - rank(b));
}

/** None leads back in time, as from a batch that was measured to be sent after its first element had started. */
export function arrowsBetween(byStart: readonly End[]): Arrow[] {
  const arrows: Arrow[] = [];
  const sent = new Map<number, End>();
  const begun = new Set<number>();
  const tries = new Map<string, End>();
  for (const to of byStart) {
    if (to.slice.batch !== undefined) sent.set(to.slice.batch, to);
    if (!to.slice.element) continue;
    const { call, index, batch, attempt, outcome } = to.slice.element;
    const sender = sent.get(batch);
    if (sender && !begun.has(batch)) arrows.push({ name: 'runs', from: sender, to });
    begun.add(batch);
    const key = `${call} ${index}`;
    const before = tries.get(key);
    if (before && before.slice.element!.attempt < attempt) {
      arrows.push({ name: 'tried again', from: before, to });
    }
    if (attempt > 1 || outcome !== 'done') tries.set(key, to);
  }
  return arrows;
}
