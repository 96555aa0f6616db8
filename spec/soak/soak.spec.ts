import { join } from 'node:path';
import { runNode } from '../support/runNode.js';

interface Measurement {
  readonly heap: number;
  readonly threads: number;
  readonly handles: number;
  readonly active: number;
  readonly listeners: number;
}

interface Part {
  readonly part: string;
  readonly first: Measurement;
  readonly second: Measurement;
  /** Inputs that were not let go of. */
  readonly kept: number;
}

/** Bytes by which a heap may differ from one time to the next: code that V8 compiled meanwhile, and the like. */
const NOISE = 400_000;

describe('after many elements, workers and cancelled calls', () => {
  let parts: Part[];

  beforeAll(async () => {
    const program = join(__dirname, '../fixtures/programs/soak.mjs');
    const ending = await runNode(['--expose-gc', program, '20000', '20', '1000']);
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    parts = ending.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Part);
    expect(parts.map(({ part }) => part)).toEqual(['runElements', 'recycleWorkers', 'cancelCalls']);
  });

  it.each(['threads', 'handles', 'active', 'listeners'] as const)('no more %s', (kind) => {
    for (const { first, second } of parts) expect(second[kind]).toBeLessThanOrEqual(first[kind]);
  });

  it('no more memory', () => {
    for (const { first, second } of parts) expect(second.heap - first.heap).toBeLessThan(NOISE);
  });

  it('no input is held', () => {
    for (const { kept } of parts) expect(kept).toBe(0);
  });
});
