/** Holds what is drawn once for the documents against what is drawn today. `npm run picture` draws it again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { timelineSvg } from '../../lib/trace/timelineSvg.js';
import { docsPicture } from '../support/trace/docsPicture.js';
import { tutorialTrace } from '../support/trace/traceOf.js';

const read = (file: string): string => readFileSync(join(__dirname, '../..', file), 'utf8');

describe('in the documents', () => {
  it('the picture of a schedule is as it is drawn today', () => {
    expect(read('docs/how-to/schedule.svg')).toBe(timelineSvg(docsPicture()));
  });

  it("the trace that samples read is that of the tutorial's jobs", () => {
    const trace: unknown = JSON.parse(read('examples/samples/tutorial.trace.json'));
    expect(trace).toEqual(JSON.parse(JSON.stringify(tutorialTrace())));
  });
});
