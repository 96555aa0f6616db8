/** Checks what workers are made with, where the user says it: Node would complain when the first one starts. */
import { SHARE_ENV } from 'node:worker_threads';
import { checkOptions, isObjectOfOptions } from '../../checks.js';
import { quote } from '../../quote.js';
import type { ThreadsOptions } from './ThreadsOptions.js';

const LIMITS = [
  'maxOldGenerationSizeMb',
  'maxYoungGenerationSizeMb',
  'codeRangeSizeMb',
  'stackSizeMb',
];

/** @throws TypeError or RangeError naming the option that is wrong */
export function checkThreadsOptions(options: ThreadsOptions): void {
  checkOptions('threads', options, ['env', 'execArgv', 'resourceLimits', 'worker']);
  const { env, execArgv, resourceLimits, worker, ...others } = options;
  checkWorker(worker, { env, execArgv, resourceLimits, ...others });
  checkEnv(env);
  checkExecArgv(execArgv);
  checkResourceLimits(resourceLimits);
}

function checkWorker(worker: unknown, others: object): void {
  if (worker === undefined) return;
  const sample = "worker: () => new Worker(new URL('./worker.js', import.meta.url))";
  if (typeof worker !== 'function') {
    throw new TypeError(
      `The option worker must be a function that makes a Worker, ${sample}, but got ${quote(worker)}`,
    );
  }
  const [misplaced] = Object.entries(others).filter(([, value]) => value !== undefined);
  if (!misplaced) return;
  throw new TypeError(
    `The option ${misplaced[0]} has no effect beside worker, whose function makes the workers. Give it to new Worker(file, { ${misplaced[0]} }) there`,
  );
}

function checkEnv(env: unknown): void {
  if (env === undefined || env === SHARE_ENV) return;
  const expected = 'The option env must be an object of texts, { NAME: "value" }, or SHARE_ENV';
  if (!isObjectOfOptions(env)) throw new TypeError(`${expected}, but got ${quote(env)}`);
  for (const [name, value] of Object.entries(env)) {
    // Node makes text of these.
    if (['string', 'number', 'boolean', 'undefined'].includes(typeof value)) continue;
    throw new TypeError(`${expected}, but got ${quote(value)} as ${name}`);
  }
}

function checkExecArgv(execArgv: unknown): void {
  if (execArgv === undefined) return;
  const expected = 'The option execArgv must be an array of texts, ["--no-warnings"]';
  if (!Array.isArray(execArgv)) throw new TypeError(`${expected}, but got ${quote(execArgv)}`);
  const strange = execArgv.findIndex((value) => typeof value !== 'string');
  if (strange === -1) return;
  throw new TypeError(`${expected}, but got ${quote(execArgv[strange])} as number ${strange}`);
}

function checkResourceLimits(limits: unknown): void {
  if (limits === undefined) return;
  checkOptions('The option resourceLimits', limits, LIMITS);
  for (const [name, value] of Object.entries(limits as object)) {
    if (value === undefined) continue;
    const message = `The option resourceLimits.${name} must be megabytes above 0, but got ${quote(value)}`;
    if (typeof value !== 'number') throw new TypeError(message);
    // Node takes what is not above 0 for its default, without a word.
    if (!Number.isFinite(value) || value <= 0) throw new RangeError(message);
  }
}
