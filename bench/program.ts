import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, closeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A program that runs beside the bench. */
export interface Program {
  readonly pid: number;
  /** The last that it printed: why it ended, as a rule. */
  lastWords(): string;
  readonly running: boolean;
  /** Ends it: kindly, and after five seconds by force. */
  stop(): Promise<void>;
}

const KIND_MS = 5_000;
const LAST_WORDS = 400;
const running = new Set<Program>();

/** Starts a program with nothing but this environment, on these cores; what it prints goes to the file. */
export function startProgram(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  outputFile: string,
  cores: string | undefined,
): Program {
  const output = openSync(outputFile, 'w');
  const [name = '', ...args] = cores === undefined ? command : ['taskset', '-c', cores, ...command];
  const child = spawn(name, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = once(child, 'exit');
  ended.catch(() => undefined); // a program that is not there at all: it does not run
  const isRunning = (): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const program: Program = {
    pid: child.pid ?? 0,
    lastWords: () => readFileSync(outputFile, 'utf8').trim().slice(-LAST_WORDS),
    get running() {
      return isRunning();
    },
    async stop() {
      running.delete(program);
      if (!isRunning()) return;
      child.kill('SIGTERM');
      const kindly = new AbortController();
      await Promise.race([ended, pause(KIND_MS, undefined, { signal: kindly.signal }).catch(() => undefined)]);
      kindly.abort();
      if (isRunning()) child.kill('SIGKILL');
      await ended;
    },
  };
  running.add(program);
  return program;
}

/** Ends whatever still runs. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((program) => program.stop()));
}
