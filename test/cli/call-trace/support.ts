import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCallTrace } from '../../../src/cli/call-trace/build.js';

/** What a run of the program left behind. */
export interface Run {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** All of its environment, but for PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** All of its input; left out: none. `open`: what `write` gives, until `endInput`. */
  readonly stdin?: string | { readonly open: true };
}

/** A run that goes on. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Run>;
  write(text: string): void;
  endInput(): void;
  /** Fulfils once it has printed so, or has ended. */
  printed(condition: (stdout: string) => boolean): Promise<void>;
}

/** The program as `npm run build` makes it, in a folder of its own. */
export interface BuiltProgram {
  readonly path: string;
  start(args: readonly string[], options?: RunOptions): Running;
  run(args: readonly string[], options?: RunOptions): Promise<Run>;
  remove(): void;
}

/** The environment of most runs: a locale that can show bars, a zone that is not the tests'. */
export const ENVIRONMENT = { LANG: 'C.UTF-8', TZ: 'Asia/Shanghai' };

/** Begins what commands a terminal. */
export const ESCAPE = '\u001b';

/** Builds it. */
export async function buildProgram(): Promise<BuiltProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'call-trace-'));
  const path = join(folder, 'call-trace.js');
  await buildCallTrace(path);
  const start: BuiltProgram['start'] = (args, options) => startCommand(path, args, options);
  return {
    path,
    start,
    run: (args, options) => start(args, options).ended,
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Starts a command and gathers what it prints. */
export function startCommand(
  command: string,
  args: readonly string[],
  { env = ENVIRONMENT, stdin }: RunOptions = {},
): Running {
  const child = spawn(command, args, { env: { PATH: process.env['PATH'], ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  if (typeof stdin !== 'object') child.stdin.end(stdin ?? '');
  let isOver = false;
  const ended = once(child, 'close').then(([code]) => {
    isOver = true;
    return { code: code as number | null, stdout, stderr };
  });
  return {
    pid: child.pid ?? 0,
    ended,
    write: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    async printed(condition) {
      while (!condition(stdout) && !isOver) await Promise.race([once(child.stdout, 'data'), ended]);
    },
  };
}

/** Starts a command on a terminal of so many columns; stdout is what is shown there, stderr included. */
export function startOnTerminal(command: string, columns: number, env: Readonly<Record<string, string>> = {}): Running {
  const inside = `stty cols ${columns} rows 50; ${command}`;
  return startCommand('script', ['--quiet', '--return', '--command', inside, '/dev/null'], {
    env: { ...ENVIRONMENT, TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
  });
}
