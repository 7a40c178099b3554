import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { FromGateway, ToGateway } from './soak-gateway.js';

/** A place in which one gateway after the other runs. */
export interface GatewayPlace {
  /** Where it listens now; the last one's address while there is none. */
  readonly url: string;
  /** False from a death until the next one listens. */
  readonly isUp: boolean;
  /** How many have run here: an operation that began under another one may fail. */
  readonly lives: number;
  /** Rejections that nobody handled, and processes that ended by themselves. */
  readonly unhandled: readonly string[];
  /** Samples of what it takes. Unit: bytes. */
  readonly memory: readonly { readonly rss: number; readonly heap: number }[];
  /** Sets its wall clock so far ahead of the machine's. Unit: ms. */
  setClock(wallOffsetMs: number): void;
  /** Ends it at once, as a crash does, and starts another one in its place; fulfils once that listens. */
  replace(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a gateway with nothing but this environment; fulfils once it listens. */
export async function openGatewayPlace(env: Readonly<Record<string, string>>): Promise<GatewayPlace> {
  const unhandled: string[] = [];
  const memory: { rss: number; heap: number }[] = [];
  let child: ChildProcess | undefined;
  let url = '';
  let isUp = false;
  let lives = 0;
  await start();

  return {
    get url() {
      return url;
    },
    get isUp() {
      return isUp;
    },
    get lives() {
      return lives;
    },
    unhandled,
    memory,
    setClock: (wallOffsetMs) => void child?.send({ wallOffsetMs } satisfies ToGateway),
    async replace() {
      await stop();
      await start();
    },
    close: stop,
  };

  async function start(): Promise<void> {
    const started = fork(new URL('soak-gateway.ts', import.meta.url), {
      execArgv: ['--expose-gc', '--import', 'tsx'],
      env: { PATH: process.env['PATH'] ?? '', ...env },
    });
    child = started;
    lives += 1;
    started.on('exit', (code) => {
      if (child !== started) return; // it was ended
      unhandled.push(`the process ended by itself with code ${code}`);
      isUp = false;
    });
    await new Promise<void>((resolve, reject) => {
      started.once('exit', () => reject(new Error('the gateway did not start')));
      started.on('message', (message: FromGateway) => {
        if (message.kind === 'unhandled') unhandled.push(message.text);
        else if (message.kind === 'memory') memory.push({ rss: message.rss, heap: message.heap });
        else {
          url = message.url;
          isUp = true;
          resolve();
        }
      });
    });
  }

  async function stop(): Promise<void> {
    const ending = child;
    child = undefined;
    isUp = false;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  }
}
