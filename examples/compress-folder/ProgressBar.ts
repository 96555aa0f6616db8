/** Shows on a terminal how far the work has come; in a pipe or file it shows nothing. */
import { clearScreenDown } from 'node:readline';
import { SingleBar } from 'cli-progress';
import type { Progress } from 'rxjs-parallel-map';
import { bytes, count } from './format.js';

/** What the bar shows: how far the call has come, and what only this program knows. */
export interface Figures extends Progress {
  /** Files that have been found so far. */
  readonly found: number;
  /** Size of the files that have been dealt with. */
  readonly bytes: number;
  /** Milliseconds since the start. */
  readonly elapsed: number;
}

export class ProgressBar {
  readonly #bar: SingleBar;
  readonly #started = performance.now();
  #progress: Progress = { done: 0, failed: 0, total: undefined, rate: 0, eta: undefined };
  #found = 0;
  #bytes = 0;

  constructor() {
    this.#bar = new SingleBar({
      stream: process.stderr,
      // Leaves room for the `^C` that a terminal echoes: it must not start another line.
      format: (_options, { maxWidth }) => progressLine(this.#figures(), maxWidth - 3),
      clearOnComplete: true,
      hideCursor: true,
      // The line is made to fit, so the terminal's own setting can stay as it is.
      linewrap: true,
    });
    this.#bar.start(0, 0);
  }

  fileFound(): void {
    this.#found++;
  }

  fileDone(size: number): void {
    this.#bytes += size;
  }

  /** For the option `onProgress` of a call. */
  readonly show = (progress: Progress): void => {
    this.#progress = progress;
    this.#bar.update(progress.done + progress.failed);
  };

  /** Takes the bar away and shows the cursor again. */
  stop(): void {
    this.#bar.stop();
    // The cursor is back where the bar began. Line feeds that were typed have moved the bar down.
    if (process.stderr.isTTY) clearScreenDown(process.stderr);
  }

  #figures(): Figures {
    const elapsed = performance.now() - this.#started;
    return { ...this.#progress, found: this.#found, bytes: this.#bytes, elapsed };
  }
}

const SHORTEST_BAR = 4;
const LONGEST_BAR = 40;
/** Narrower terminals have no room for words. */
const NARROW = 60;

/** The line in at most so many columns: without room for all, less of it. */
export function progressLine(figures: Figures, columns: number): string {
  const { found, total, elapsed, eta } = figures;
  const done = figures.done + figures.failed;
  const all = count(found);
  const [unit, left] = columns < NARROW ? ['', ''] : [' files', 'ETA '];
  const foundAll = total === undefined ? '+' : '';
  const parts = [`${count(done).padStart(all.length)}/${all}${foundAll}${unit}`];
  if (elapsed > 0) parts.push(`${bytes((figures.bytes / elapsed) * 1000)}/s`.padStart(9));
  if (eta !== undefined) parts.push(`${left}${clock(eta)}`);

  while (parts.length > 1 && parts.join('  ').length > columns) parts.pop();
  const text = parts.join('  ');
  const room = Math.min(columns - text.length - 1, LONGEST_BAR);
  if (room < SHORTEST_BAR) return text.slice(0, columns);
  const full = found === 0 ? 0 : Math.floor((done / found) * room);
  return `${'█'.repeat(full)}${'░'.repeat(room - full)} ${text}`;
}

/** `1:07` or `2:03:09`, rounded up to seconds. */
function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (parts[0] === 0) parts.shift();
  return parts.map((part, place) => (place === 0 ? part : String(part).padStart(2, '0'))).join(':');
}
