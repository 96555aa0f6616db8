/** Shows on a terminal how far the work has come; in a pipe or file it shows nothing. */
import { clearScreenDown } from 'node:readline';
import { SingleBar } from 'cli-progress';
import { bytes, count } from './format.js';

export interface Progress {
  /** Files that have been found so far. */
  readonly found: number;
  /** Whether these are all. */
  readonly foundAll: boolean;
  /** Files that have been dealt with. */
  readonly done: number;
  /** Their size. */
  readonly bytes: number;
  /** Milliseconds since the start. */
  readonly elapsed: number;
}

export class ProgressBar {
  readonly #bar: SingleBar;
  readonly #started = performance.now();
  #found = 0;
  #foundAll = false;
  #done = 0;
  #bytes = 0;

  constructor() {
    this.#bar = new SingleBar({
      stream: process.stderr,
      // Leaves room for the `^C` that a terminal echoes: it must not start another line.
      format: (_options, { maxWidth }) => progressLine(this.#progress(), maxWidth - 3),
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

  allFound(): void {
    this.#foundAll = true;
  }

  fileDone(size: number): void {
    this.#done++;
    this.#bytes += size;
    this.#bar.update(this.#done);
  }

  /** Takes the bar away and shows the cursor again. */
  stop(): void {
    this.#bar.stop();
    // The cursor is back where the bar began. Line feeds that were typed have moved the bar down.
    if (process.stderr.isTTY) clearScreenDown(process.stderr);
  }

  #progress(): Progress {
    return {
      found: this.#found,
      foundAll: this.#foundAll,
      done: this.#done,
      bytes: this.#bytes,
      elapsed: performance.now() - this.#started,
    };
  }
}

const SHORTEST_BAR = 4;
const LONGEST_BAR = 40;
/** Narrower terminals have no room for words. */
const NARROW = 60;

/** The line in at most so many columns: without room for all, less of it. */
export function progressLine(progress: Progress, columns: number): string {
  const { found, foundAll, done, elapsed } = progress;
  const total = count(found);
  const [unit, eta] = columns < NARROW ? ['', ''] : [' files', 'ETA '];
  const parts = [`${count(done).padStart(total.length)}/${total}${foundAll ? '' : '+'}${unit}`];
  if (elapsed > 0) parts.push(`${bytes((progress.bytes / elapsed) * 1000)}/s`.padStart(9));
  // Files differ, but over thousands of them the average tells well enough.
  if (foundAll && done > 0) parts.push(`${eta}${clock((elapsed / done) * (found - done))}`);

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
