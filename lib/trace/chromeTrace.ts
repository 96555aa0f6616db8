/** Puts a trace into the trace-event format of Chrome, which Perfetto, speedscope and the Firefox profiler open. */
import { checkTrace } from './checkTrace.js';
import { arrowsBetween, slicesByStart, type End } from './chrome/arrows.js';
import { batchSlices, callSlices, workerSlices, type Args, type Slice } from './chrome/slices.js';
import { GROUPS, layTracks, nanos, type Track } from './chrome/tracks.js';
import type { Trace } from './Trace.js';

interface Located {
  /** The group of tracks: 1 are the calls, 2 the workers, 3 the batches. */
  readonly pid: number;
  /** The track. */
  readonly tid: number;
  readonly name: string;
}

interface Timed extends Located {
  readonly cat: string;
  /** Microseconds since the trace began. */
  readonly ts: number;
}

export type ChromeTraceEvent =
  /** Something that took `dur` microseconds. On one track, none overlaps another. */
  | (Timed & {
      readonly ph: 'X';
      readonly dur: number;
      readonly cname?: string | undefined;
      readonly args: Args;
    })
  /** Something that happened at a moment. */
  | (Timed & { readonly ph: 'i'; readonly s: 't'; readonly args: Args })
  /** Where an arrow begins, and where it ends. */
  | (Timed & { readonly ph: 's'; readonly id: number })
  | (Timed & { readonly ph: 'f'; readonly bp: 'e'; readonly id: number })
  /** What a group or a track is called, and where it stands. */
  | (Located & { readonly ph: 'M'; readonly args: Args });

export interface ChromeTrace {
  readonly traceEvents: readonly ChromeTraceEvent[];
  readonly otherData: Args;
}

/**
 * As an object; `JSON.stringify` makes the file. Calls, workers and batches are three groups of tracks. What overlaps
 * has tracks of its own (`worker 0 (2)`). Arrows go from a batch to its first element, and from a try to the next one
 * of the same element. Elements are named by their index, from 0, and workers by their id: `std[4]` on `worker 1`.
 *
 * @throws TypeError for what is no trace
 */
export function chromeTrace(trace: Trace): ChromeTrace {
  checkTrace('chromeTrace', trace);
  const { calls, workers, batches } = GROUPS;
  const tracks = layTracks([
    { pid: calls, owners: new Map([[undefined, callSlices(trace)]]), nameOf: () => 'calls' },
    { pid: workers, owners: workerSlices(trace), nameOf: (worker) => `worker ${worker!}` },
    {
      pid: batches,
      owners: batchSlices(trace),
      nameOf: (worker) => `batches of worker ${worker!}`,
    },
  ]);
  return {
    traceEvents: [
      ...Object.entries(GROUPS).flatMap(([name, pid]) => named('process', { pid, tid: pid, name })),
      ...tracks.flatMap((track) => named('thread', track)),
      ...slicesOf(tracks),
      ...momentsOf(trace, tracks),
    ],
    otherData: {
      ...{ generator: 'rxjs-parallel-map', version: trace.version },
      ...{ startedAt: new Date(trace.startedAt).toISOString(), omitted: trace.omitted },
    },
  };
}

function named(kind: 'process' | 'thread', { pid, tid, name }: Located): ChromeTraceEvent[] {
  return [
    { ph: 'M', pid, tid, name: `${kind}_name`, args: { name } },
    { ph: 'M', pid, tid, name: `${kind}_sort_index`, args: { sort_index: tid } },
  ];
}

/**
 * By start, and each with the ends of its arrows right after it: Perfetto binds an end to what began last on its track, and
 * looks for a beginning only among what came before.
 */
function slicesOf(tracks: readonly Track[]): ChromeTraceEvent[] {
  const byStart = slicesByStart(tracks);
  const arrows = new Map<Slice, ChromeTraceEvent[]>();
  const put = ({ slice }: End, event: ChromeTraceEvent): void => {
    arrows.set(slice, [...(arrows.get(slice) ?? []), event]);
  };
  for (const [id, { name, from, to }] of arrowsBetween(byStart).entries()) {
    put(from, { ph: 's', ...placeOf(from), name, cat: 'flow', id });
    put(to, { ph: 'f', bp: 'e', ...placeOf(to), name, cat: 'flow', id });
  }
  return byStart.flatMap((one): ChromeTraceEvent[] => {
    const { name, cat, start, end, cname, args } = one.slice;
    const dur = (end - start) / 1000;
    const slice = { ph: 'X', ...placeOf(one), dur, name, cat, cname, args } as const;
    return [slice, ...(arrows.get(one.slice) ?? [])];
  });
}

function placeOf({ track, slice }: End): Pick<Timed, 'pid' | 'tid' | 'ts'> {
  return { pid: track.pid, tid: track.tid, ts: slice.start / 1000 };
}

/** Elements that were taken back, and workers that ended. */
function momentsOf(trace: Trace, tracks: readonly Track[]): ChromeTraceEvent[] {
  const firsts = new Map<number, Track>();
  for (const track of tracks.toReversed()) {
    if (track.pid === GROUPS.workers) firsts.set(track.worker!, track);
  }
  const moment = (worker: number, at: number, name: string, args: Args): ChromeTraceEvent => {
    const { pid, tid } = firsts.get(worker)!;
    return { ph: 'i', s: 't', pid, tid, name, cat: 'worker', ts: nanos(at) / 1000, args };
  };
  return [
    ...trace.reclaims.map(({ worker, at, count, batch }) =>
      moment(worker, at, `${count} taken back`, { count, batch }),
    ),
    ...trace.workers.flatMap(({ id, end, ending = 'ended' }) =>
      end === undefined ? [] : [moment(id, end, ending, {})],
    ),
  ];
}
