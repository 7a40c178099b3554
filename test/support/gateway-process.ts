import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { eventually } from '../cache/redis/support/eventually.js';
import { postOperation, type Reply } from './client.js';

/** A program of this project in a process of its own. */
export interface ProgramProcess {
  readonly pid: number;
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** What it has printed, line by line. */
  readonly lines: readonly string[];
  /** Fulfils once it has ended, however that came about. */
  readonly ended: Promise<unknown>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
}

/** The gateway as it runs in production. */
export interface GatewayProcess extends ProgramProcess {
  query(document: string, variables?: Readonly<Record<string, unknown>>): Promise<Reply>;
}

/** What `npm start` gives to node. */
export const NODE_FLAGS: readonly string[] =
  readFileSync('package.json', 'utf8').match(/(?<="start": "[^"]*)--[\w=-]+/g) ?? [];

/** A start compiles all sources, beside other suites. Unit: ms. */
const START_MS = 50_000;

/** Starts a gateway with nothing but this environment; fulfils once it listens. */
export async function startGatewayProcess(env: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const program = await startProgram('src/main.ts', env);
  return Object.assign(program, {
    query: (document: string, variables?: Readonly<Record<string, unknown>>) =>
      postOperation(`${program.url}/graphql`, document, variables),
  });
}

/** Starts a contact centre with nothing but this environment, on a free port; fulfils once it listens. */
export function startSimulatorProcess(env: Readonly<Record<string, string>> = {}): Promise<ProgramProcess> {
  return startProgram('simulator/main.ts', { SIMULATOR_PORT: '0', ...env });
}

/** Starts a program of the tree with nothing but this environment, on a port that it chooses; fulfils once it says where it listens. */
export async function startProgram(entry: string, env: Readonly<Record<string, string>>): Promise<ProgramProcess> {
  const child = spawn(process.execPath, [...NODE_FLAGS, '--import', 'tsx', entry], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const take = (chunk: Buffer): void => void (printed += chunk.toString());
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = once(child, 'exit');
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  // Where it listens, not where the contact centre is, which the gateway says first.
  const url = (): string | undefined => /(?:"url":"|listens on )(http:\/\/[\d.]+:\d+)/.exec(printed)?.[1];
  try {
    await eventually(
      `${entry} listens`,
      () => {
        if (!isAlive()) throw new Error(`${entry} did not start:\n${printed}`);
        return url() !== undefined;
      },
      START_MS,
    );
  } catch (error) {
    await kill();
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    url: url() ?? '',
    get lines() {
      return printed.split('\n').filter((line) => line !== '');
    },
    ended,
    kill,
  };
}
