import pino from 'pino';
import { createKey } from '../../../fixtures/records.js';
import { expect } from '@jest/globals';
import type { TraceKey } from '../../../../src/call/key.js';
import type { CallTrace } from '../../../../src/call/trace.js';
import { loadConfig } from '../../../../src/config.js';
import { startSimulator, type Simulator } from '../../../../src/simulator/simulator.js';
import { openTracePath } from '../../../../src/trace-path.js';
import { environmentFor, newCallId } from '../../../support/gateway.js';
import { traceFor } from '../../../support/traces.js';
import { eventually } from './eventually.js';

/** The whole path of one gateway, from the month edge to the contact centre. */
export interface TestPath {
  readonly state: 'up' | 'down' | 'off';
  /** What it has logged about Redis. */
  readonly lines: readonly string[];
  /** Everything it has logged, as it was written. */
  readonly log: string;
  /** Commands that Redis did not do. */
  readonly failures: { readonly lost: number; readonly refused: number };
  /** The trace of a call; rejects with the Error that the client would see. */
  ask(callId: string, refresh?: boolean): Promise<CallTrace>;
  forget(callId: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Two gateways that share a Redis, in front of a contact centre. */
export interface PathBench {
  readonly simulator: Simulator;
  /** Opens one more gateway, with these settings besides the least. */
  open(environment: Readonly<Record<string, string>>, files?: Readonly<Record<string, string>>): TestPath;
  /** Asks one gateway, then another, and finds both answers right; gives back where the second one came from. */
  share(one: TestPath, other: TestPath, callId?: string): Promise<CallTrace['source']>;
  /** Fulfils once the second gateway answers from Redis what the first one has asked. */
  sharing(one: TestPath, other: TestPath): Promise<void>;
  /** Keeps both gateways busy for as long as the work takes, and finds every answer right. Rejects if any failed. */
  underLoad(one: TestPath, other: TestPath, work: () => Promise<void>): Promise<Load>;
  close(): Promise<void>;
}

export interface Load {
  readonly answers: number;
  /** How many of them came from Redis. */
  readonly shared: number;
  /** How much longer each took than the same question to a gateway without Redis, at the same time. Unit: ms. */
  readonly delays: readonly number[];
}

/** What a gateway logs of Redis when it goes and comes back. */
export const OUTAGE = ['Redis is away: answers come from memory and the contact centre', 'Redis answers again'];

/** As the paths are set up: a slow machine is not to be taken for a slow Redis. Unit: ms. */
export const COMMAND_TIMEOUT_MS = 500;

/** How many clients ask at once under load. */
export const CLIENTS = 8;
/** The client's patience. Unit: ms. */
const DEADLINE_MS = 20_000;

const keyOf = (callId: string): TraceKey => createKey({ callId, month: '2025-01' });

/** Starts the contact centre, and another like it that tells which answers are right. */
export async function createPathBench(): Promise<PathBench> {
  const simulator = await startSimulator();
  const truth = await startSimulator();
  const paths: TestPath[] = [];
  const reference = openPath(truth, {}, {});

  /** Asks, and finds the answer right; gives back where it came from, and its delay as in `Load`. */
  async function check(path: TestPath, callId: string): Promise<{ source: CallTrace['source']; delayMs: number }> {
    const [asked, right] = await Promise.all([timedAsk(path, callId), timedAsk(reference, callId)]);
    const { key, records, stale, source } = asked.answer;
    expect({ callId: key.callId, records, stale }).toEqual({ callId, records: right.answer.records, stale: false });
    return { source, delayMs: asked.ms - right.ms };
  }

  const bench: PathBench = {
    simulator,
    open(environment, files = {}) {
      const path = openPath(simulator, environment, files);
      paths.push(path);
      return path;
    },
    async share(one, other, callId = newCallId()) {
      await check(one, callId);
      return (await check(other, callId)).source;
    },
    sharing: (one, other) =>
      eventually('one gateway answers from Redis what the other has asked', async () => {
        return (await bench.share(one, other)) === 'REDIS';
      }),
    async underLoad(one, other, work) {
      const delays: number[] = [];
      let shared = 0;
      let over = false;
      const client = async (): Promise<void> => {
        while (!over) {
          const callId = newCallId();
          for (const path of [one, other]) {
            const { source, delayMs } = await check(path, callId);
            delays.push(delayMs);
            if (source === 'REDIS') shared += 1;
          }
        }
      };
      const clients = Array.from({ length: CLIENTS }, client);
      try {
        await Promise.race([work(), Promise.all(clients)]); // a client ends before the work only by failing
      } finally {
        over = true;
      }
      await Promise.all(clients);
      return { answers: delays.length, shared, delays };
    },
    async close() {
      await Promise.all([reference, ...paths].map((path) => path.close()));
      await Promise.all([simulator.close(), truth.close()]);
    },
  };
  return bench;
}

async function timedAsk(path: TestPath, callId: string): Promise<{ answer: CallTrace; ms: number }> {
  const askedAt = Date.now();
  return { answer: await path.ask(callId), ms: Date.now() - askedAt };
}

function openPath(
  simulator: Simulator,
  environment: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): TestPath {
  const config = loadConfig(
    {
      ...environmentFor(simulator),
      CMS_MAX_RETRIES: '0',
      REDIS_COMMAND_TIMEOUT_MS: String(COMMAND_TIMEOUT_MS),
      ...environment,
    },
    (path) => files[path] ?? '',
  );
  const log: string[] = [];
  const failures = { lost: 0, refused: 0 };
  const logger = pino({ level: 'trace' }, { write: (line: string) => void log.push(line) });
  const path = openTracePath(config, logger, Date.now, {
    attempt: () => undefined,
    coalesced: () => undefined,
    leaseWait: () => undefined,
    redisFailure: (kind) => void (failures[kind] += 1),
  });
  return {
    get state() {
      return path.redis;
    },
    get lines() {
      const messages = log.map((line) => (JSON.parse(line) as { msg: string }).msg);
      return messages.filter((message) => message.startsWith('Redis'));
    },
    get log() {
      return log.join('');
    },
    failures,
    ask: (callId, refresh = false) =>
      traceFor(path.fetchTraces, keyOf(callId), { deadlineAt: Date.now() + DEADLINE_MS, refresh }),
    forget: (callId) => path.forget(keyOf(callId)),
    close: () => path.close(),
  };
}

/**
 * One outage of Redis cost no client more than one command at a time, and no longer than that may take or a lease that
 * was left behind. Commands are counted, for on a busy machine anything may be slow.
 */
export function expectOneDelay({ delays }: Load, gateways: readonly TestPath[]): void {
  for (const { failures } of gateways) expect(failures.lost).toBeLessThanOrEqual(COMMANDS_AT_ONCE * CLIENTS);
  expect(Math.max(...delays)).toBeLessThan(COMMAND_TIMEOUT_MS + 5_000);
}

/** What a gateway may have under way for one client: a read or a lease, and what it wrote and returned just before. */
const COMMANDS_AT_ONCE = 3;

/** The name under which a call's trace lies in Redis. */
export function nameInRedis(callId: string): string {
  return `calltrace:v1:1:170:2025-01:${callId}`;
}
