/** Python's `multiprocessing.Pool`, in a process that times one repetition at a time when asked to. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WORKERS, type Work } from '../works.js';

const PYTHON = 'python3';

export class Python {
  readonly name = 'python Pool.map';
  readonly version: string;
  readonly #kept = new Set<string>();
  #process: ChildProcess | undefined;
  #answers: AsyncIterator<string> | undefined;

  /** undefined where there is no Python. */
  static find(): Python | undefined {
    const { status, stdout } = spawnSync(PYTHON, ['--version'], { encoding: 'utf8' });
    return status === 0 ? new Python(stdout.trim()) : undefined;
  }

  private constructor(version: string) {
    this.version = version;
  }

  async open(): Promise<void> {
    const script = fileURLToPath(new URL('../workers/pool.py', import.meta.url));
    this.#process = spawn(PYTHON, [script, `${WORKERS}`], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Milliseconds of one `Pool.map`. */
  async map(work: Work): Promise<number> {
    if (!this.#kept.has(work.name)) {
      await this.#ask({ keep: work.name, values: work.elements() });
      this.#kept.add(work.name);
    }
    return this.#ask({ map: work.fn, of: work.name });
  }

  /** Median milliseconds of as many `Pool.apply`, one after the other. */
  trips(count: number): Promise<number> {
    return this.#ask({ trips: count });
  }

  async close(): Promise<void> {
    if (!this.#process || this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.stdin!.end();
    await exited;
  }

  async #ask(request: object): Promise<number> {
    this.#process!.stdin!.write(`${JSON.stringify(request)}\n`);
    const answer = await this.#answers!.next();
    if (answer.done) throw new Error('Python has ended; see what it wrote above');
    return (JSON.parse(answer.value) as { ms?: number }).ms ?? 0;
  }
}
