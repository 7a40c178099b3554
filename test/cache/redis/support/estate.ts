import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { createInvalidations } from '../../../../src/cache/invalidations.js';
import { openRedis, type OpenedRedis, type OpenRedisOptions } from '../../../../src/cache/redis/open.js';
import { withRedis } from '../../../../src/cache/redis/redis-stage.js';
import type { ForgetProblem } from '../../../../src/cache/redis/tombstones.js';
import type { FetchTraces } from '../../../../src/call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../../../../src/call/key.js';
import type { CallTrace } from '../../../../src/call/trace.js';
import { createKey } from '../../../fixtures/records.js';
import { finalTrace, lifeByDefault, traceFor } from '../../../support/traces.js';
import { eventually } from './eventually.js';

/** One gateway, from Redis down, with the clocks of this machine. */
export interface TestGateway {
  readonly redis: OpenedRedis;
  /** What it has logged about Redis. */
  readonly lines: readonly string[];
  /** All fields of what it has logged. */
  readonly fields: readonly object[];
  /** Commands that Redis did not do. */
  readonly failures: { readonly lost: number; readonly refused: number };
  /** What was invalidated in it by others: canonical texts of keys, or `all`. */
  readonly invalidated: readonly string[];
  /** The trace of a call; rejects with the Error that the client would see. */
  ask(key: TraceKey, refresh?: boolean): Promise<CallTrace>;
  forget(key: TraceKey): Promise<ForgetProblem | null>;
  close(): Promise<void>;
}

/** Gateways that share a Redis, in front of one contact centre. */
export interface Estate {
  /** How often the contact centre was asked for a call. */
  countOf(key: TraceKey): number;
  /** How often it was asked for any. */
  readonly total: number;
  /** How long the contact centre takes for an answer. Unit: ms. */
  latencyMs: number;
  /** Opens one more gateway. */
  open(options: Partial<OpenRedisOptions> & Pick<OpenRedisOptions, 'url'>): TestGateway;
  /** Asks one gateway, then another, and finds both answers right; gives back where the second one came from. */
  share(one: TestGateway, other: TestGateway, key?: TraceKey): Promise<CallTrace['source']>;
  /** Fulfils once the second gateway answers from Redis what the first one has asked. */
  sharing(one: TestGateway, other: TestGateway): Promise<void>;
  /** Keeps both gateways busy for as long as the work takes, and finds every answer right. Rejects if any failed. */
  underLoad(one: TestGateway, other: TestGateway, work: () => Promise<void>): Promise<Load>;
  close(): Promise<void>;
}

export interface Load {
  readonly answers: number;
  /** How many of them came from Redis. */
  readonly shared: number;
  /** How long each took. Unit: ms. */
  readonly delays: readonly number[];
}

/** What a gateway logs of Redis when it goes and comes back. */
export const OUTAGE = ['Redis is unreachable: answers come from memory and the contact centre', 'Redis answers again'];

/** As the gateways are set up: a slow machine is not to be taken for a slow Redis. Unit: ms. */
export const COMMAND_TIMEOUT_MS = 500;

/** How many clients ask at once under load. */
export const CLIENTS = 8;
/** The client's patience. Unit: ms. */
const DEADLINE_MS = 20_000;

const clock = { wall: () => Date.now(), monotonic: () => performance.now() };

/** Returns an estate without gateways. */
export function createEstate(): Estate {
  const counts = new Map<string, number>();
  const gateways: TestGateway[] = [];
  const contactCentre: FetchTraces = (keys) =>
    keys.map(async (key) => {
      const askedAt = Date.now();
      counts.set(key.callId, (counts.get(key.callId) ?? 0) + 1);
      await pause(estate.latencyMs);
      return rightTrace(key, askedAt);
    });

  /** Asks, and finds the answer right; gives back where it came from. */
  async function check(gateway: TestGateway, key: TraceKey): Promise<CallTrace['source']> {
    const { records, stale, source } = await gateway.ask(key);
    expect({ records, stale }).toEqual({ records: rightTrace(key, 0).records, stale: false });
    return source;
  }

  const estate: Estate = {
    countOf: ({ callId }) => counts.get(callId) ?? 0,
    get total() {
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    },
    latencyMs: 2,
    open(options) {
      const gateway = openGateway(contactCentre, options);
      gateways.push(gateway);
      return gateway;
    },
    async share(one, other, key = newKey()) {
      await check(one, key);
      return check(other, key);
    },
    sharing: (one, other) =>
      eventually('one gateway answers from Redis what the other has asked', async () => {
        return (await estate.share(one, other)) === 'SHARED_CACHE';
      }),
    async underLoad(one, other, work) {
      const delays: number[] = [];
      let shared = 0;
      let over = false;
      const client = async (): Promise<void> => {
        while (!over) {
          const key = newKey();
          for (const gateway of [one, other]) {
            const beganAt = performance.now();
            if ((await check(gateway, key)) === 'SHARED_CACHE') shared += 1;
            delays.push(performance.now() - beganAt);
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
      await Promise.all(gateways.map((gateway) => gateway.close()));
    },
  };
  return estate;
}

/** A number that is to be seen in no log. */
export const CALLER_NO = '5550100001';

/** What the contact centre answers. */
function rightTrace(key: TraceKey, askedAt: number): CallTrace {
  const trace = finalTrace(key, { askedAt });
  return { ...trace, records: trace.records.map((record) => ({ ...record, callerNo: CALLER_NO })) };
}

function openGateway(contactCentre: FetchTraces, options: Parameters<Estate['open']>[0]): TestGateway {
  const lines: string[] = [];
  const fields: object[] = [];
  const failures = { lost: 0, refused: 0 };
  const invalidated: string[] = [];
  const invalidations = createInvalidations();
  invalidations.listen((keyText) => void invalidated.push(keyText ?? 'all'));
  const now = Date.now;
  const redis = openRedis(
    {
      protocol: 3,
      keyPrefix: '',
      leaseMs: 2_000,
      encryptionKeys: undefined,
      commandTimeoutMs: COMMAND_TIMEOUT_MS,
      ...options,
    },
    {
      lifeOf: lifeByDefault,
      now,
      clock,
      invalidations,
      onFailure: (kind) => void (failures[kind] += 1),
      log: {
        info: (line) => void lines.push(line),
        warn(more, line) {
          fields.push(more);
          lines.push(line);
        },
      },
    },
  );
  const fetchTraces = withRedis(contactCentre, {
    store: redis.store,
    lifeOf: lifeByDefault,
    now,
    clock,
    invalidations,
  });
  return {
    redis,
    lines,
    fields,
    failures,
    invalidated,
    ask: (key, refresh = false) => traceFor(fetchTraces, key, { deadlineAt: clock.monotonic() + DEADLINE_MS, refresh }),
    forget: (key) => redis.store.forget([key]),
    close: () => redis.close(),
  };
}

/**
 * One outage of Redis cost no client more than one command at a time, and no longer than that may take or a lease that
 * was left behind. Commands are counted, for on a busy machine anything may be slow.
 */
export function expectOneDelay({ delays }: Load, gateways: readonly TestGateway[]): void {
  for (const { failures } of gateways) expect(failures.lost).toBeLessThanOrEqual(COMMANDS_AT_ONCE * CLIENTS);
  expect(Math.max(...delays)).toBeLessThan(COMMAND_TIMEOUT_MS + 5_000);
}

/** What a gateway may have under way for one client: a read, a lease or a write; and of its last two calls what nobody waits for. */
const COMMANDS_AT_ONCE = 5;

/** The name under which a call's trace lies in Redis. */
export function nameInRedis(key: TraceKey): string {
  return `calltrace:v2:${traceKeyText(key)}`;
}

let created = 0;

/** A key of a call that nobody has asked for yet. */
export function newKey(): TraceKey {
  created += 1;
  return createKey({ callId: `1749974400-${1_000 + created}` });
}
