/** Turns samples into what is reported: medians, spread, ratios, and whether targets are met. */
import { max, min, quantileSorted } from 'simple-statistics';
import { BEST_PEER, type Group, type Target, type View } from './groups.js';
import type { Entry, Samples } from './interleave.js';

/** The middle half of the figures lies between the quartiles. */
export interface Summary {
  readonly n: number;
  readonly median: number;
  readonly quartiles: readonly [number, number];
}

export interface Row extends Partial<Summary> {
  readonly contender: string;
  readonly kind: Entry['kind'];
  /** Elements of one repetition. */
  readonly elements: number;
  /** Median of the ratios of each repetition. */
  readonly ratioToBestPeer?: number | undefined;
  readonly ratioToPython?: number | undefined;
  /** Why there are no figures. */
  readonly failure?: string | undefined;
}

export interface TargetResult extends Target {
  /** Undefined where one of both has no figures. */
  readonly measured?: Summary | undefined;
  readonly met: boolean | undefined;
}

export interface ViewResult extends Omit<View, 'figure' | 'targets'> {
  readonly rows: readonly Row[];
  readonly bestPeer?: string | undefined;
  readonly targets: readonly TargetResult[];
}

export interface Results {
  readonly date: string;
  readonly mode: 'full' | 'quick';
  readonly machine: {
    readonly node: string;
    readonly python: string | undefined;
    readonly platform: string;
    readonly cores: number;
    /** Before the run: whatever else kept the cores busy over the last minute. */
    readonly loadAverage: number;
  };
  readonly workers: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly views: readonly ViewResult[];
}

export function resultsOf(group: Group, taken: readonly Samples[]): ViewResult[] {
  return group.views.map((view) => viewOf(view, taken));
}

function viewOf({ figure, targets, ...view }: View, taken: readonly Samples[]): ViewResult {
  const series = taken
    // Python's main thread is in another process, so that it has no figure for ours.
    .filter(({ samples }) => samples.every((sample) => !sample || figure in sample))
    .map(({ entry, samples, failure }) => ({
      entry,
      failure,
      figures: samples.map((sample) => sample?.[figure]),
    }));
  const summaries = new Map(series.map((one) => [one, summaryOf(one.figures)]));

  const best = view.better === 'more' ? max : min;
  const peers = series.filter((one) => one.entry.kind === 'peer' && summaries.get(one));
  const bestMedian = peers.length > 0 ? best(peers.map((one) => summaries.get(one)!.median)) : NaN;
  const bestPeer = peers.find((one) => summaries.get(one)!.median === bestMedian);
  const python = series.find((one) => one.entry.kind === 'python');

  const ratio = (one: Series, other: Series | undefined) =>
    other && one !== other ? summaryOf(ratios(one.figures, other.figures)) : undefined;
  return {
    ...view,
    bestPeer: bestPeer?.entry.contender,
    rows: series.map((one) => ({
      contender: one.entry.contender,
      kind: one.entry.kind,
      elements: one.entry.elements,
      ...summaries.get(one),
      ratioToBestPeer: ratio(one, bestPeer)?.median,
      ratioToPython: ratio(one, python)?.median,
      failure: one.failure,
    })),
    targets: targets.map((target) => {
      const one = series.find(({ entry }) => entry.contender === target.contender);
      const other =
        target.against === BEST_PEER
          ? bestPeer
          : series.find(({ entry }) => entry.contender === target.against);
      const measured =
        target.against === undefined ? one && summaries.get(one) : one && ratio(one, other);
      return { ...target, measured, met: measured && isMet(target, measured.median) };
    }),
  };
}

interface Series {
  readonly entry: Entry;
  readonly figures: readonly (number | undefined)[];
}

function isMet({ atLeast = -Infinity, atMost = Infinity }: Target, measured: number): boolean {
  return measured >= atLeast && measured <= atMost;
}

/** Of the repetitions that both took part in. */
function ratios(
  figures: readonly (number | undefined)[],
  others: readonly (number | undefined)[],
): (number | undefined)[] {
  return figures.map((figure, i) => {
    const other = others[i];
    return figure === undefined || other === undefined ? undefined : figure / other;
  });
}

function summaryOf(figures: readonly (number | undefined)[]): Summary | undefined {
  const sorted = figures.filter((figure) => figure !== undefined).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const at = (share: number) => Number(quantileSorted(sorted, share).toPrecision(5));
  return { n: sorted.length, median: at(0.5), quartiles: [at(0.25), at(0.75)] };
}
