import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** A program that runs, with what it has printed so far. */
export interface Program {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  /** Exit code and signal, once it has ended and all that it printed is here. */
  readonly ended: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  stdout(): string;
  stderr(): string;
  /** Ends it, and all that it has started, at once. */
  kill(): void;
}

export interface ProgramOptions {
  readonly cwd?: string;
  /** All of its environment, but for PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a program at the head of a process group of its own. */
export function startProgram(command: string, args: readonly string[], options: ProgramOptions = {}): Program {
  const { PATH, HOME } = process.env;
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { PATH, HOME, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
  return {
    process: child,
    ended: once(child, 'close') as Program['ended'],
    stdout: () => out.join(''),
    stderr: () => err.join(''),
    kill: () => endGroup(child.pid),
  };
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // all have ended
  }
}

/** The lines of a log: those that are JSON objects. */
export function logLinesOf(program: Program): Record<string, unknown>[] {
  return program
    .stdout()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
