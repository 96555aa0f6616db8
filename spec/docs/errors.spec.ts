/** Holds the page about errors against the code: every class has an entry, and no entry is made up. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as door from '../../lib/index.js';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
const headings = (level: string): string[] =>
  [...page.matchAll(new RegExp(`^${level} (.+)$`, 'gm'))].map(([, heading]) => heading!);

/** The code that makes messages, with strings that go on in the next line put together. */
const sources = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(root, 'lib', file), 'utf8'))
  .join('\n')
  .replace(/['`] \+\n\s+['`]/g, '');

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
    const fragments = heading
      .split('…')
      .map((fragment) => fragment.trim())
      .filter(Boolean);
    expect(fragments.filter((fragment) => !sources.includes(fragment))).toEqual([]);
  });
});
