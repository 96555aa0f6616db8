/** Holds the samples in the documents against real files, runs these, and compares what they print. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../..');

interface Sample {
  readonly document: string;
  readonly file: string;
  readonly code: string;
  readonly output: string | undefined;
}

const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

/** `<!-- sample: path -->`, a block of code, and perhaps a `text` block of what it prints. */
const SAMPLE = /<!-- sample: (\S+) -->\n+```\w+\n([^]*?)```\n(?:\n+```text\n([^]*?)```\n)?/g;

const samples: Sample[] = documents.flatMap((document) => {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(SAMPLE)].map(([, file, code, output]) => {
    return { document, file: file!, code: code!, output };
  });
});

const run = promisify(execFile);

describe('the samples in the documents', () => {
  it('are found', () => {
    expect(samples.map(({ document }) => document)).toContain('README.md');
    expect(samples.some(({ output }) => output !== undefined)).toBe(true);
  });

  it.each(samples)('$file is in $document to the letter', ({ file, code }) => {
    expect(code).toBe(readFileSync(join(root, file), 'utf8'));
  });

  it.each(samples.filter(({ output }) => output !== undefined))(
    '$file prints what $document says',
    async ({ file, output }) => {
      const { stdout } = await run(process.execPath, ['--import', 'tsx', file], { cwd: root });
      // Messages say where in the user's files something is: here, in those of this repository.
      expect(stdout.replaceAll(root + sep, '')).toBe(output);
    },
  );

  it('leave no block of code unchecked', () => {
    for (const document of documents) {
      const text = readFileSync(join(root, document), 'utf8').replaceAll(SAMPLE, '');
      expect(text).not.toMatch(/^```(ts|js|mjs|typescript|javascript)$/m);
    }
  });
});
