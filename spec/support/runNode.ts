/** Runs a program in a Node process of its own, and tells how it ended. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export interface Ending {
  readonly code: number | null;
  /** The signal that ended it; a shell makes 128 + its number of it. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  /** Resolves when the program has written this; fails when it ends before. */
  said(text: string): Promise<void>;
}

export interface ProgramOptions {
  /** What the program reads from its standard input. */
  readonly stdin?: string;
  /** Default: this repository, where the package finds itself by its own name. */
  readonly cwd?: string;
}

export const repository = join(__dirname, '../..');

export function startNode(args: readonly string[], options: ProgramOptions = {}): Program {
  const { stdin = '', cwd = repository } = options;
  // Jest's own options for Node are no business of the program.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, args, { cwd, env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined).end(stdin);
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => (stdout.includes(text) ? resolve() : undefined);
      child.stdout.on('data', look);
      look();
      void ended.then((ending) => {
        reject(new Error(`It ended without saying ${text}: ${JSON.stringify(ending)}`));
      }, reject);
    });
  return { child, ended, said };
}

export function runNode(args: readonly string[], options?: ProgramOptions): Promise<Ending> {
  return startNode(args, options).ended;
}
