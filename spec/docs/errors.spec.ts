/** Holds the page about errors against the code: every message has an entry, and no entry is made up. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as door from '../../lib/index.js';
import { thrownMessages } from './thrownMessages.js';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
const prose = page.replace(/\s+/g, ' ');
const headings = (level: string): string[] =>
  [...page.matchAll(new RegExp(`^${level} (.+)$`, 'gm'))].map(([, heading]) => heading!);

const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(root, 'lib', file), 'utf8'));

/** The code that makes messages, with strings that go on in the next line put together. */
const sources = files
  .join('\n')
  .replace(/['`] \+\n\s+['`]/g, '')
  .replaceAll('\\`', '`');

/** What stands between the `…` of a heading. */
const fragmentsOf = (heading: string): string[] =>
  heading
    .split('…')
    .map((fragment) => fragment.trim())
    .filter(Boolean);

/** Whether the fragments are in the message, one after the other. */
function isQuotedBy(message: string, heading: string): boolean {
  let at = 0;
  return fragmentsOf(heading).every((fragment) => {
    const found = message.indexOf(fragment, at);
    at = found + fragment.length;
    return found >= 0;
  });
}

/** What no user sees: mistakes of our own, and what is told in other words on its way out. */
const WITHIN = [
  'No position … in … elements',
  'Unknown to the scheduler: …',
  'it was transferred before',
];

const messages = [...new Set(files.flatMap(thrownMessages))].filter(
  (message) => !WITHIN.includes(message),
);

/** The ends of a worker, whose messages a function puts together. */
const CRASHES = [
  ...(['starting', 'making', 'exposing', 'initializing', 'idle', 'receiving', 'running'] as const),
  ...(['moved', 'quarantined'] as const),
] as const;

describe('the page about errors', () => {
  it('has an entry for every class there is', () => {
    const { ParallelError, ...others } = door;
    const classes = Object.entries(others)
      .filter(
        ([, value]) => typeof value === 'function' && value.prototype instanceof ParallelError,
      )
      .map(([name]) => name);
    expect(headings('##').slice(0, -1).sort()).toEqual(classes.sort());
  });

  it.each(headings('###'))('quotes what the code says: %s', (heading) => {
    if (messages.some((message) => isQuotedBy(message, heading))) return;
    expect(fragmentsOf(heading).filter((fragment) => !sources.includes(fragment))).toEqual([]);
  });

  it('finds messages in the code', () => {
    expect(messages.length).toBeGreaterThan(30);
  });

  it.each(messages)('has an entry for %j', (message) => {
    // What is only ever the cause of another error is quoted in its entry.
    const isInProse = fragmentsOf(message).every((fragment) => prose.includes(fragment));
    expect(isInProse || headings('###').some((heading) => isQuotedBy(message, heading))).toBe(true);
  });

  it.each(CRASHES)('has an entry for the end of a worker that is %s', (when) => {
    const { message } = new door.WorkerCrashedError(3, { when });
    expect(headings('###').some((heading) => isQuotedBy(message, heading))).toBe(true);
  });
});
