import { mapArray, type TaskContext } from 'rxjs-parallel-map';

interface Posting {
  readonly account: number;
  readonly amount: number;
}

/** Reads a balance, takes its time, and writes it: two at once on the same account would lose one. */
async function book(
  { account, amount }: Posting,
  _: number,
  { shared: balances }: TaskContext<Int32Array>,
): Promise<string> {
  const before = balances[account]!;
  await new Promise((resolve) => setTimeout(resolve, 1));
  balances[account] = before + amount;
  return `account ${account}: from ${before} to ${balances[account]}`;
}

const postings = [
  { account: 0, amount: 100 },
  { account: 1, amount: 250 },
  { account: 0, amount: -30 },
  { account: 1, amount: 50 },
  { account: 0, amount: 5 },
];
const balances = new Int32Array(new SharedArrayBuffer(8));
const lines = await mapArray(postings, book, { key: ({ account }) => account, shared: balances });
console.log(lines.join('\n'));
