/** The tutorial's picture, by the real scheduler in virtual time. */
import { timelineText, type Span } from '../../lib/trace/timelineText.js';
import { simulate } from '../support/simulate.js';

const durations = [3, 5, 3, 7, 13, 7, 5, 7];

/** The first half of the jobs for the first thread, the second half for the second. */
function equalShares(): Span[] {
  const half = durations.length / 2;
  let end = 0;
  return durations.map((duration, index) => {
    const start = index === half ? 0 : end;
    end = start + duration;
    return { worker: index < half ? 0 : 1, index, start, end };
  });
}

function makespan(spans: readonly Span[]): number {
  return Math.max(...spans.map(({ end }) => end));
}

function picture(...lines: string[]): string {
  return lines.join('\n');
}

describe("the tutorial's eight jobs on two threads", () => {
  const { spans } = simulate({
    size: 2,
    lanes: [{ limit: 2, arrivals: [{ after: 0, durations }] }],
  });

  it('go one by one to whichever thread is free', () => {
    expect(timelineText(spans, { jobs: true })).toBe(
      picture(
        'jobs: |.1.|..2..|.3.|...4...|......5......|...6...|..7..|...8...|',
        'thread 1: |.1.|.3.|......5......|..7..|',
        'thread 2: |..2..|...4...|...6...|...8...|',
      ),
    );
  });

  it('would leave a thread idle for long if each had an equal share from the start', () => {
    expect(timelineText(equalShares(), { jobs: true })).toBe(
      picture(
        'jobs: |.1.|..2..|.3.|...4...|......5......|...6...|..7..|...8...|',
        'thread 1: |.1.|..2..|.3.|...4...|',
        'thread 2: |......5......|...6...|..7..|...8...|',
      ),
    );
  });

  it('take 26 units of time, and with equal shares 32', () => {
    expect(makespan(spans)).toBe(26);
    expect(makespan(equalShares())).toBe(32);
  });
});
