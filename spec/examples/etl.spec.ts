/** The example that reads a large file of orders: its parts, and the program itself. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { cutBlocks, LONGEST_LINE, type Block } from '../../examples/etl/cutBlocks.js';
import { generateOrders } from '../../examples/etl/generateOrders.js';
import { readOrder, Refusal } from '../../examples/etl/readOrder.js';
import { loadTables } from '../../examples/etl/tables.js';
import { runNode, startNode, type Ending } from '../support/runNode.js';

const PROGRAM = join(__dirname, '../../examples/etl/main.ts');

const ORDER = {
  id: 'a-1',
  placed: '2026-03-01T00:30:00+02:00',
  customer: { name: ' Zoe\u0308  Smith ', email: 'Zoe@Example.com' },
  country: 'de',
  currency: 'USD',
  items: [
    { sku: 'x', quantity: 3, price: '0.10' },
    { sku: 'y', quantity: 1, price: '118.70' },
  ],
};
const LINE = JSON.stringify(ORDER);

let folder: string;
let input: string;
let output: string;
let rejects: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'etl-'));
  input = join(folder, 'orders.ndjson');
  output = join(folder, 'clean.ndjson');
  rejects = join(folder, 'clean.rejects.ndjson');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: readonly string[]): Promise<Ending> {
  return runNode(['--import', 'tsx', PROGRAM, ...args]);
}

function linesOf(file: string): Record<string, unknown>[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function generated(size: number, bad: number, seed = 1): Buffer {
  return Buffer.concat([...generateOrders({ size, bad, seed })]);
}

describe('the program', () => {
  it('writes the same bytes on workers as on a single thread: all orders in order, and all rejects', async () => {
    const given = generated(1_500_000, 0.05);
    writeFileSync(input, given);

    const alone = await run(input, output, '--threads', '0');
    const [orders, refused] = [readFileSync(output), readFileSync(rejects)];
    rmSync(output);
    rmSync(rejects);
    const shared = await run(input, output, '--threads', '3');

    expect(alone).toMatchObject({ code: 1, stderr: '' });
    expect(shared).toMatchObject({ code: 1, stderr: '' });
    expect(readFileSync(output).equals(orders)).toBe(true);
    expect(readFileSync(rejects).equals(refused)).toBe(true);

    const ids = linesOf(output).map(({ id }) => id);
    const lines = linesOf(rejects).map(({ line }) => line);
    expect(ids).toEqual([...ids].sort());
    expect(lines).toEqual([...lines].sort((a, b) => Number(a) - Number(b)));
    const texts = given.toString().split('\n');
    for (const { line, text } of linesOf(rejects)) expect(text).toBe(texts[Number(line) - 1]);
    // The line feed at the end makes one text more.
    expect(ids.length + lines.length).toBe(texts.length - 1);
    expect(lines.length).toBeGreaterThan(100);
  });

  it.each(['0', '2'])(
    'takes lines as they come in real files, with --threads %s',
    async (threads) => {
      const long = `{"id":"${'ä'.repeat(LONGEST_LINE)}"}`;
      const lines = [
        `\ufeff${LINE}`,
        `${LINE}\r`,
        '',
        ' \t\r',
        '{"id":\r',
        long,
        'null',
        Buffer.from([0x22, 0xc3, 0x22]),
        LINE,
        '\ufeff{}',
        LINE,
      ];
      writeFileSync(input, joined(lines));

      const { code, stdout } = await run(input, output, '--threads', threads);

      expect(linesOf(output)).toHaveLength(4);
      expect(linesOf(rejects)).toEqual([
        { line: 5, reason: expect.stringMatching(/^not JSON: /) as unknown, text: '{"id":' },
        {
          line: 6,
          reason: 'longer than 1048576 bytes: only its start is kept',
          text: Buffer.from(long).subarray(0, LONGEST_LINE).toString(),
        },
        { line: 7, reason: 'not a JSON object', text: 'null' },
        { line: 8, reason: 'not UTF-8', text: '"\ufffd"' },
        { line: 10, reason: expect.stringMatching(/^not JSON: /) as unknown, text: '\ufeff{}' },
      ]);
      expect(stdout).toMatch(
        /^ {2}lines {2}11\n orders {2}4\nrejects {2}5, in .*\n {2}empty {2}2\n/,
      );
      expect(code).toBe(1);
    },
  );

  it.each([
    ['no lines', '', 0],
    ['orders only', `${LINE}\n${LINE}`, 2],
    ['empty lines', '\n\n', 0],
  ])('is content with %s, and says that there are no rejects', async (_, text, orders) => {
    writeFileSync(input, text);
    writeFileSync(rejects, 'of another time');

    expect(await run(input, output, '--threads', '1')).toMatchObject({ code: 0, stderr: '' });

    expect(linesOf(output)).toHaveLength(orders);
    expect(readFileSync(rejects, 'utf8')).toBe('');
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it('leaves what was there when the input is not, and says so', async () => {
    writeFileSync(output, 'of another time');
    const { code, stderr, stdout } = await run(input, output);
    expect(stderr).toBe(`ENOENT: no such file or directory, open '${input}'\n`);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(readFileSync(output, 'utf8')).toBe('of another time');
    expect(readdirSync(folder)).toEqual(['clean.ndjson']);
  });

  it('says that it cannot write, and leaves nothing half-written', async () => {
    writeFileSync(input, LINE);
    const unwritable = join(folder, 'nowhere', 'clean.ndjson');
    expect(await run(input, unwritable)).toMatchObject({
      code: 2,
      stderr: `ENOENT: no such file or directory, open '${unwritable}.part'\n`,
    });
    mkdirSync(output);
    expect(await run(input, output, '--threads', '1')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^E[A-Z]+: .*rename/) as unknown,
    });
    expect(readdirSync(folder).filter((file) => file.endsWith('.part'))).toEqual([]);
  });

  it.each(['clean.ndjson', 'clean.rejects.ndjson'])(
    'ends with a full disk, without leaving a half of %s',
    async (name) => {
      writeFileSync(input, generated(1_000_000, 0.1));
      symlinkSync('/dev/full', join(folder, `${name}.part`));
      const { code, stderr } = await run(input, output, '--threads', '2');
      expect(stderr).toBe('ENOSPC: no space left on device, write\n');
      expect(code).toBe(2);
      expect(readdirSync(folder)).toEqual(['orders.ndjson']);
    },
  );

  it.each([
    ['SIGINT', 130, '2'],
    ['SIGTERM', 143, '0'],
  ] as const)('ends with %s in the middle, and leaves nothing', async (signal, status, threads) => {
    // Endless: `yes` writes as long as anybody reads.
    execFileSync('mkfifo', [input]);
    const writer = spawn('sh', ['-c', 'exec yes "$0" > "$1"', LINE, input], { stdio: 'ignore' });
    const writerEnded = once(writer, 'exit');
    const written = new AbortController();
    const { child, ended } = startNode([
      ...['--import', 'tsx', PROGRAM],
      ...[input, output, '--threads', threads],
    ]);
    const partHas = (async () => {
      for await (const _ of watch(folder, { signal: written.signal })) {
        if (existsSync(`${output}.part`) && statSync(`${output}.part`).size > 0) return;
      }
    })();
    await Promise.race([partHas, ended]);
    child.kill(signal);

    expect(await ended).toEqual({ code: status, signal: null, stdout: '', stderr: '' });
    await writerEnded;
    expect(readdirSync(folder)).toEqual(['orders.ndjson']);
  });

  it.each([
    ['without files', [], /^Usage: npm run etl/],
    ['with too many', ['a', 'b', 'c'], /^Usage: npm run etl/],
    ['with an unknown option', ['a', 'b', '--thread', '2'], /'--thread'/],
    ['with half a thread', ['a', 'b', '--threads', '0.5'], /^--threads: not a number/],
    ['with one file for two', ['a', './a'], /must be three files/],
  ])('explains itself when called %s', async (_, args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  function joined(lines: readonly (string | Buffer)[]): Buffer {
    const feed = Buffer.from('\n');
    return Buffer.concat(
      lines.flatMap((line, nth) => [...(nth > 0 ? [feed] : []), Buffer.from(line)]),
    );
  }
});

describe('an order', () => {
  const tables = loadTables('secret');

  it('is converted and enriched', () => {
    expect(readOrder(LINE, tables)).toEqual({
      id: 'a-1',
      placed: '2026-02-28T22:30:00.000Z',
      // echo -n zoe@example.com | openssl dgst -sha256 -hmac secret
      customer: '1ca3a621c658fea5fa4a2420a0ceacd00d959863c1f76b8cd657f686cdbe7341',
      name: 'Zo\u00eb Smith',
      country: 'DE',
      countryName: 'Germany',
      region: 'EU',
      pieces: 4,
      currency: 'USD',
      total: 11_900,
      vat: 1900,
      totalInEuros: 10_234,
    });
  });

  const item = { sku: 'x', quantity: 1, price: '1.00' };

  it.each([
    [{ id: ' ' }, 'id must be a text that is not empty'],
    [{ id: 5 }, 'id must be a text that is not empty'],
    [{ customer: null }, 'customer must be an object'],
    [
      { customer: { ...ORDER.customer, email: 'zoe@' } },
      'customer.email must be an e-mail address',
    ],
    [{ country: 'XX' }, 'country is unknown: XX'],
    [{ country: '__proto__' }, 'country is unknown: __PROTO__'],
    [{ currency: 'constructor' }, 'currency is unknown: CONSTRUCTOR'],
    [
      { placed: '2026-02-29T00:00:00Z' },
      'placed must be a date, time and zone: 2026-02-29T00:00:00Z',
    ],
    [
      { placed: '2026-02-28T25:00:00Z' },
      'placed must be a date, time and zone: 2026-02-28T25:00:00Z',
    ],
    [{ placed: '2026-02-28' }, 'placed must be a date, time and zone: 2026-02-28'],
    [{ items: {} }, 'items must be a list that is not empty'],
    [{ items: [] }, 'items must be a list that is not empty'],
    [{ items: [item, []] }, 'items[1] must be an object'],
    [{ items: [{ ...item, sku: '' }] }, 'items[0].sku must be a text that is not empty'],
    [{ items: [{ ...item, quantity: 0 }] }, 'items[0].quantity must be an integer of at least 1'],
    [{ items: [{ ...item, quantity: 1.5 }] }, 'items[0].quantity must be an integer of at least 1'],
    [{ items: [{ ...item, price: 1 }] }, 'items[0].price must be a text such as "12.50"'],
    [{ items: [{ ...item, price: '-1.00' }] }, 'items[0].price must be a text such as "12.50"'],
    [{ items: [{ ...item, quantity: 2 ** 53 - 1 }] }, 'items add up to more than can be counted'],
  ])('is refused with a reason: %j', (wrong, reason) => {
    const read = (): unknown => readOrder(JSON.stringify({ ...ORDER, ...wrong }), tables);
    expect(read).toThrow(new Refusal(reason));
  });
});

describe('blocks', () => {
  it('are the file again, cut at ends of lines, wherever its chunks were cut', async () => {
    const bytes = fc
      .array(fc.constantFrom(0x0a, 0x0d, 0x20, 0xc3, 0xa4))
      .map((list) => Buffer.from(list));
    await fc.assert(
      fc.asyncProperty(fc.array(bytes), async (chunks) => {
        const whole = Buffer.concat(chunks);
        const blocks = await blocksOf(chunks);
        expect(Buffer.concat(blocks.map((block) => block.bytes)).equals(whole)).toBe(true);
        let firstLine = 1;
        for (const block of blocks) {
          const lines = block.bytes.filter((byte) => byte === 0x0a).length;
          const isLast = block === blocks.at(-1);
          expect(block.bytes.at(-1) === 0x0a || isLast).toBe(true);
          expect(block).toMatchObject({ firstLine, isCut: false });
          expect(block.lines).toBe(lines + (block.bytes.at(-1) === 0x0a ? 0 : 1));
          // Nothing else travels with it.
          expect(block.bytes.buffer.byteLength).toBe(block.bytes.byteLength);
          firstLine += block.lines;
        }
      }),
    );
  });

  it.each([
    ['in a chunk of its own', 1],
    ['in many chunks', 1000],
  ])('cut a line that is too long, and none that is as long as can be, %s', async (_, chunk) => {
    const size = Math.ceil(LONGEST_LINE / chunk);
    const longest = 'x'.repeat(LONGEST_LINE);
    const text = `a\n${longest}\nb\n${longest}y\nc\n${longest}${longest}zz\nd\n${longest}y`;
    const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, nth) =>
      Buffer.from(text.slice(nth * size, (nth + 1) * size)),
    );

    const blocks = await blocksOf(chunks);

    const cut = blocks.filter(({ isCut }) => isCut);
    expect(cut.map(({ firstLine, lines }) => [firstLine, lines])).toEqual([
      [4, 1],
      [6, 1],
      [8, 1],
    ]);
    for (const { bytes } of cut) expect(Buffer.from(bytes).toString()).toBe(longest);
    const others = blocks.filter(({ isCut }) => !isCut).map(({ bytes }) => Buffer.from(bytes));
    expect(Buffer.concat(others).toString()).toBe(`a\n${longest}\nb\nc\nd\n`);
  });

  async function blocksOf(chunks: readonly Buffer[]): Promise<Block[]> {
    const blocks: Block[] = [];
    for await (const block of cutBlocks(streamOf(chunks))) blocks.push(block);
    return blocks;
  }

  async function* streamOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
    yield* chunks;
  }
});

describe('made-up orders', () => {
  it('are the same for the same seed, and as many as were asked for', () => {
    expect(generated(200_000, 0.1).equals(generated(200_000, 0.1))).toBe(true);
    expect(generated(200_000, 0.1).equals(generated(200_000, 0.1, 2))).toBe(false);
    const { length } = generated(200_000, 0.1);
    expect(length).toBeGreaterThanOrEqual(200_000);
    expect(length).toBeLessThan(201_000);
  });

  it('are valid but for the bad ones', () => {
    const tables = loadTables('');
    for (const line of generated(100_000, 0).toString().trim().split('\n')) readOrder(line, tables);
    for (const line of generated(100_000, 1).toString().trim().split('\n')) {
      expect(() => readOrder(line, tables)).toThrow();
    }
  });
});
