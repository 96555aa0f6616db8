/** The main example: its report, its progress line, its task on real threads, and the program itself. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompressedFile } from '../../examples/compress-folder/compressFile.mjs';
import { bytes, duration, shortenMiddle, times } from '../../examples/compress-folder/format.js';
import { progressLine, type Figures } from '../../examples/compress-folder/ProgressBar.js';
import { report, type Results } from '../../examples/compress-folder/report.js';
import { mapArray, task } from '../../lib/index.js';

const root = join(__dirname, '../..');
const example = join(root, 'examples/compress-folder');

/** What a terminal would obey rather than show, except the line feed. */
const CONTROL = /[^\P{Cc}\n]/u;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compress-folder-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the program', () => {
  it('reports on all files of a folder, with nothing but the report in a pipe', () => {
    mkdirSync(join(folder, 'deep/er'), { recursive: true });
    writeFileSync(join(folder, 'deep/er/many.txt'), 'line\n'.repeat(1000));
    writeFileSync(join(folder, 'one.txt'), 'no line feed');
    writeFileSync(join(folder, 'empty'), '');

    const { status, stdout, stderr } = run(folder);

    expect(stderr).toBe('');
    expect(stdout).not.toMatch(CONTROL);
    expect(rowOf(stdout, 'files')).toBe('3');
    expect(rowOf(stdout, 'lines')).toBe('1,001');
    expect(rowOf(stdout, 'size')).toMatch(/^5\.01 kB, compressed \d+ B$/);
    expect(rowOf(stdout, 'time')).toMatch(/ on \d+ threads?$/);
    expect(stdout).toMatch(/best compressed\n.* 5\.00 kB .* deep\/er\/many\.txt\n/);
    expect(stdout).toMatch(/^thread 1: .*\|$/m);
    expect(status).toBe(0);
  });

  it('lists what it cannot read at the end, and loses nothing else', () => {
    writeFileSync(join(folder, 'good'), 'good');
    writeFileSync(join(folder, 'too-large'), '');
    // A hole of this size takes no space, and reading it fails for every user.
    truncateSync(join(folder, 'too-large'), 2 ** 40);

    const { status, stdout, stderr } = run(folder);

    expect(rowOf(stdout, 'files')).toBe('1');
    expect(stdout).toMatch(/\n1 could not be read:\n {2}too-large: .+\n$/);
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('fails when it could read nothing', () => {
    writeFileSync(join(folder, 'too-large'), '');
    truncateSync(join(folder, 'too-large'), 2 ** 40);

    const { status, stdout } = run(folder);

    expect(stdout).toMatch(/^1 could not be read:\n {2}too-large: .+\n$/);
    expect(status).toBe(1);
  });

  it('follows no links, and does not wait for pipes', () => {
    writeFileSync(join(folder, 'good'), 'good');
    symlinkSync(folder, join(folder, 'loop'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);

    const { status, stdout } = run(folder);

    expect(rowOf(stdout, 'files')).toBe('1');
    expect(stdout).not.toContain('could not be read');
    expect(status).toBe(0);
  });

  it('says that a folder has no files', () => {
    const { status, stdout, stderr } = run(folder);
    expect(stdout).toBe(`There are no files in "${folder}" (symbolic links are not followed).\n`);
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it.each([
    ['that is not there', 'nowhere', 'no such file or directory'],
    ['that is a file', 'file', 'not a directory'],
  ])('says in one line that it cannot compress a folder %s', (_, name, reason) => {
    writeFileSync(join(folder, 'file'), '');
    const { status, stdout, stderr } = run(join(folder, name));
    expect(stderr).toBe(`Cannot compress the folder "${join(folder, name)}": ${reason}\n`);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });

  it('takes an empty argument for a folder that is not there, not for the current one', () => {
    const { status, stderr } = run('');
    expect(stderr).toBe('Cannot compress the folder "": no such file or directory\n');
    expect(status).toBe(1);
  });

  it('explains itself', () => {
    const { status, stdout } = run('--help');
    expect(stdout).toMatch(/^Usage: npm start/);
    expect(status).toBe(0);
  });

  it.each([[['one', 'two']], [['--unknown']]])('explains itself when called with %p', (args) => {
    const { status, stdout, stderr } = run(...args);
    expect(stderr).toMatch(/^Usage: npm start/);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });

  function run(...args: string[]) {
    const main = join(example, 'main.ts');
    return spawnSync(process.execPath, ['--import', 'tsx', main, ...args], {
      cwd: root,
      encoding: 'utf8',
    });
  }
});

describe('the task', () => {
  it('measures a file on a worker, and gives a reason for one that has vanished', async () => {
    const compressFile = task<
      typeof import('../../examples/compress-folder/compressFile.mjs'),
      'compressFile'
    >(join(example, 'compressFile.mjs'), 'compressFile');
    const [there, vanished] = [join(folder, 'there'), join(folder, 'vanished')];
    writeFileSync(there, 'abc');

    const elements = await mapArray([vanished, there], compressFile, {
      concurrency: 1,
      settled: true,
    });

    expect(elements).toMatchObject([
      { status: 'rejected', reason: { name: 'TaskError', cause: { code: 'ENOENT' } } },
      {
        status: 'fulfilled',
        value: {
          path: there,
          size: 3,
          lines: 1,
          // Of FIPS 180-2, appendix B.1.
          sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
          index: 1,
        },
      },
    ]);
  });
});

describe('the report', () => {
  it('names the slowest, the largest and the best compressed files, best first', () => {
    const text = report(
      results([
        { path: 'f/slow', start: 0, end: 900, size: 100, compressed: 50 },
        { path: 'f/large', start: 900, end: 1000, size: 9e6, compressed: 9e6 },
        { path: 'f/flat', start: 0, end: 500, size: 5000, compressed: 10 },
      ]),
      80,
    );
    expect(text).toContain(`\
    time     size    ratio  slowest
  900 ms    100 B    2.00x  slow
  500 ms  5.00 kB     500x  flat
  100 ms  9.00 MB    1.00x  large

    time     size    ratio  largest
  100 ms  9.00 MB    1.00x  large
  500 ms  5.00 kB     500x  flat
  900 ms    100 B    2.00x  slow

    time     size    ratio  best compressed
  500 ms  5.00 kB     500x  flat
  900 ms    100 B    2.00x  slow
  100 ms  9.00 MB    1.00x  large
`);
  });

  it('names five of many', () => {
    const text = report(results(many(2000)), 80);
    expect(text.match(/^ .* {2}dir\/file-\d+$/gm)).toHaveLength(15);
  });

  it('sums up, and tells what one thread would have taken', () => {
    const text = report({ ...results(many(2000)), threads: 4, took: 1000 });
    expect(rowOf(text, 'files')).toBe('2,000 (copies: 1,999)');
    expect(rowOf(text, 'lines')).toBe('20,000');
    expect(rowOf(text, 'size')).toBe('2.00 MB, compressed 1.00 MB');
    expect(rowOf(text, 'time')).toBe('1.00 s on 4 threads');
    expect(rowOf(text, 'one thread')).toBe('2.00 s, all files summed up');
    expect(rowOf(text, 'speed-up')).toBe('2.00x');
  });

  it('draws the schedule', () => {
    const text = report(
      results([
        { index: 0, worker: 0, start: 1000, end: 1300 },
        { index: 1, worker: 1, start: 1000, end: 1500 },
        { index: 2, worker: 0, start: 1300, end: 1600 },
      ]),
      20,
    );
    expect(text).toMatch(/\nschedule \(7: file 7\)\nthread 1: \|\.*1\.*\|\.*3\.*\|\nthread 2: .*2/);
  });

  it.each([40, 59, 60, 80, 200])('fits into %i columns', (columns) => {
    const text = report(
      {
        ...results([{ path: `f/${'long/'.repeat(60)}end` }, ...many(3000)]),
        folder: 'f',
        unread: [{ path: `f/${'gone/'.repeat(60)}end`, reason: 'no such file or directory' }],
      },
      columns,
    );
    const tooLong = text.split('\n').filter((line) => line.length > columns);
    expect(tooLong).toEqual([]);
    expect(text).toMatch(/long.*….*end$/m);
  });

  it.each([1, 20])('leaves nothing out in as little as %i columns', (columns) => {
    const text = report(
      { ...results(many(3000)), unread: [{ path: 'f/a', reason: 'why' }] },
      columns,
    );
    expect(rowOf(text, 'folder')).toBeDefined();
    expect(text).toMatch(/\nthread 2: .*\n\n1 could not be read:\n/);
  });

  it('leaves paths whole where there is no terminal', () => {
    const path = `${'long/'.repeat(60)}end`;
    const text = report({
      ...results([{ path: `f/${path}` }]),
      unread: [{ path: `f/${path}`, reason: 'why' }],
    });
    expect(text).toContain(`  ${path}\n`);
    expect(text).toContain(`  ${path}: why`);
  });

  it('lists a few of many that could not be read, and counts the rest', () => {
    const unread = Array.from({ length: 1234 }, (_, n) => ({
      path: `f/${n}`,
      reason: 'several\nlines',
    }));
    const text = report({ ...results([]), unread });
    expect(text).toMatch(/^1,234 could not be read:\n {2}0: several lines\n/);
    expect(text).toMatch(/\n {2}9: several lines\n {2}and 1,224 more$/);
  });

  it('shows no character that a terminal would obey', () => {
    const text = report({
      ...results([{ path: 'f/red\u001b[31m\r\n' }]),
      folder: 'f\u0007',
      unread: [{ path: 'f/\u202egnp.exe', reason: 'tab\tand\u001b[2J' }],
    });
    expect(text).not.toMatch(CONTROL);
    expect(text).toContain('red\ufffd[31m\ufffd\ufffd');
    expect(text).toContain('\ufffdgnp.exe: tab and\ufffd[2J');
  });

  function results(files: Partial<CompressedFile>[]): Results {
    const plain: CompressedFile = {
      path: 'f/file',
      size: 1000,
      compressed: 500,
      lines: 10,
      sha256: '',
      worker: 0,
      index: 0,
      start: 0,
      end: 1,
    };
    const whole = files.map((file, index) => ({ ...plain, index, ...file }));
    return { folder: 'f', threads: 2, took: 1000, files: whole, unread: [] };
  }

  function many(length: number): Partial<CompressedFile>[] {
    return Array.from({ length }, (_, n) => ({
      path: `f/dir/file-${n}`,
      worker: n % 2,
      start: n,
      end: n + 1,
    }));
  }
});

describe('the progress line', () => {
  const progress: Figures = {
    ...{ done: 6170, failed: 2, total: 12_345, rate: 1500, eta: 4001 },
    ...{ found: 12_345, bytes: 50e6, elapsed: 4000 },
  };

  it('has a bar, the files, the rate and the time that is left', () => {
    expect(progressLine(progress, 80)).toBe(
      `${'█'.repeat(19)}${'░'.repeat(20)}  6,172/12,345 files  12.5 MB/s  ETA 0:05`,
    );
  });

  it('has room for all of it in a narrow terminal', () => {
    expect(progressLine(progress, 37)).toBe('██░░░░  6,172/12,345  12.5 MB/s  0:05');
  });

  it('fits into every terminal', () => {
    for (let columns = 0; columns < 200; columns++) {
      expect(progressLine(progress, columns).length).toBeLessThanOrEqual(columns);
    }
  });

  it('promises no time while files are still being found', () => {
    const line = progressLine({ ...progress, total: undefined, eta: undefined }, 80);
    expect(line).toContain('/12,345+ files');
    expect(line).not.toContain('ETA');
  });

  it('is empty before the first file, and full after the last', () => {
    const start = {
      ...{ done: 0, failed: 0, total: undefined, rate: 0, eta: undefined },
      ...{ found: 0, bytes: 0, elapsed: 0 },
    };
    expect(progressLine(start, 60)).toBe(`${'░'.repeat(40)} 0/0+ files`);
    const end = { ...progress, done: 12_343, eta: 0, elapsed: 3_600_000 };
    expect(progressLine(end, 80)).toMatch(/^█+ 12,345\/12,345 files {2}13\.9 kB\/s {2}ETA 0:00$/);
  });

  it('counts long times in hours', () => {
    const line = progressLine({ ...progress, eta: 12_344_000 }, 80);
    expect(line).toContain('ETA 3:25:44');
  });
});

describe('formats', () => {
  it.each([
    [bytes(0), '0 B'],
    [bytes(999), '999 B'],
    [bytes(1000), '1.00 kB'],
    [bytes(999_499), '999 kB'],
    [bytes(999_500), '1.00 MB'],
    [bytes(5e15), '5,000 TB'],
    [duration(0.4213), '0.421 ms'],
    [duration(999.4), '999 ms'],
    [duration(999.6), '1.00 s'],
    [duration(4_321_000), '4,321 s'],
    [times(0.004), '0.00x'],
    [times(0.5), '0.50x'],
    [times(12_345), '12,345x'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected);
  });

  it.each([
    ['fits', 4, 'fits'],
    ['abcdefghij', 9, 'abcd…ghij'],
    ['abcdefghij', 8, 'abc…ghij'],
    ['日本語のファイル', 9, '日本…イル'],
    ['cafe\u0301.txt', 8, 'cafe\u0301.txt'],
    ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 5, '👩‍👩‍👧‍👦…👩‍👩‍👧‍👦'],
  ])('shortens %s to %i columns', (text, columns, expected) => {
    expect(shortenMiddle(text, columns)).toBe(expected);
  });
});

/** What stands after a title in the totals. */
function rowOf(text: string, title: string): string | undefined {
  return new RegExp(`^ *${title} {2}(\\S.*)$`, 'm').exec(text)?.[1];
}
