/**
 * Draws the picture in the documents, and writes the trace that the samples read.
 *
 *     npm run picture        writes docs/how-to/schedule.svg and examples/samples/tutorial.trace.json
 */
import { writeFileSync } from 'node:fs';
import { timelineSvg } from '../../../lib/trace/timelineSvg.js';
import { writeFormatted } from '../report/pages.js';
import { docsPicture } from './docsPicture.js';
import { tutorialTrace } from './traceOf.js';

const root = new URL('../../../', import.meta.url);
writeFileSync(new URL('docs/how-to/schedule.svg', root), timelineSvg(docsPicture()));
await writeFormatted(
  new URL('examples/samples/tutorial.trace.json', root),
  JSON.stringify(tutorialTrace()),
);
