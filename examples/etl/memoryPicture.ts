/** Draws the memory of runs over time as SVG, readable in light and in dark. */
import { bytes } from '../compress-folder/format.js';

export interface Sample {
  /** Milliseconds since the start. */
  readonly at: number;
  /** Bytes. */
  readonly rss: number;
}

export interface Run {
  /** Worker threads; 0: none. */
  readonly threads: number;
  /** Milliseconds. */
  readonly took: number;
  /** Milliseconds that its threads ran, summed up: where others use the machine, much less depends on them. */
  readonly cpu: number;
  readonly samples: readonly Sample[];
}

const WIDTH = 720;
const HEIGHT = 260;
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 16, 60, 36];

/** Lines across. */
const ROWS = 5;
/** Bytes between two of them, or a multiple. */
const ROUND = 5e7;

const COLOURS = ['peer', 'ours'];

/** @param size of the file that was read, as text; @param runs two at most */
export function memoryPicture(size: string, runs: readonly Run[]): string {
  const longest = Math.max(...runs.map(({ took }) => took));
  const highest = Math.max(...runs.flatMap(({ samples }) => samples.map(({ rss }) => rss)));
  const most = Math.ceil(highest / ROWS / ROUND) * ROUND * ROWS;
  const x = (at: number): number => LEFT + (at / longest) * (WIDTH - LEFT - RIGHT);
  const y = (rss: number): number => HEIGHT - BOTTOM - (rss / most) * (HEIGHT - TOP - BOTTOM);
  const lines = runs.map(({ samples }, nth) => {
    const points = samples.map(({ at, rss }) => `${x(at).toFixed(1)},${y(rss).toFixed(1)}`);
    return `<polyline class="line ${COLOURS[nth]!}" points="${points.join(' ')}"/>`;
  });
  const names = runs.map(({ threads, took }, nth) => {
    const name = threads === 0 ? 'one thread' : `${threads} workers`;
    const at = LEFT + nth * 200;
    return `<rect class="${COLOURS[nth]!}" x="${at}" y="37" width="12" height="4"/><text x="${at + 18}" y="43">${name}: ${(took / 1000).toFixed(0)} s</text>`;
  });
  const rows = Array.from({ length: ROWS + 1 }, (_, nth) => {
    const part = nth / ROWS;
    const height = y(part * most).toFixed(1);
    return `<path class="grid" d="M${LEFT} ${height}H${WIDTH - RIGHT}"/><text class="muted" x="${LEFT - 6}" y="${height}" dy="4" text-anchor="end">${bytes(part * most)}</text>`;
  });
  const seconds = ticks(longest / 1000).map(
    (second) =>
      `<text class="muted" x="${x(second * 1000).toFixed(1)}" y="${HEIGHT - 16}" text-anchor="middle">${second} s</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="Memory over time while ${size} of orders are read">
<style>
  svg { color-scheme: light dark; }
  text { font: 12px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1f2328; }
  .title { font-size: 15px; font-weight: 600; }
  .muted { font-size: 11px; fill: #656d76; }
  .background { fill: #ffffff; }
  .grid { stroke: #d0d7de; stroke-width: 0.5; }
  .line { fill: none; stroke-width: 1.5; }
  rect.ours { fill: #1a7f5a; } rect.peer { fill: #8a94a0; }
  .line.ours { stroke: #1a7f5a; } .line.peer { stroke: #8a94a0; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .muted { fill: #8d96a0; }
    .background { fill: #0d1117; }
    .grid { stroke: #30363d; }
    rect.ours { fill: #2ea57a; } .line.ours { stroke: #2ea57a; }
  }
</style>
<rect class="background" width="${WIDTH}" height="${HEIGHT}" rx="6"/>
<text class="title" x="${LEFT}" y="24">Memory of the process (RSS) while it reads ${size}</text>
${[...names, ...rows, ...seconds, ...lines].join('\n')}
</svg>
`;
}

/** Round seconds, four to eight of them. */
function ticks(seconds: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200].find((one) => seconds / one <= 8) ?? 500;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, nth) => nth * step);
}
