import pino from 'pino';
import type { AskOptions } from '../../src/call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../../src/call/key.js';
import type { CallTrace } from '../../src/call/trace.js';
import { loadConfig } from '../../src/config/config.js';
import type { Config } from '../../src/config/gateway-config.js';
import { openTracePath, type TracePath } from '../../src/gateway/trace-path.js';
import { environmentFor } from '../support/gateway.js';
import type { ModelCentre } from './contact-centre.js';
import { RULES } from './rules.js';
import { openTcpSwitch } from './tcp-switch.js';
import type { VirtualTime } from './virtual-time.js';

/** How long a lease holds without being renewed. Unit: ms. */
export const LEASE_MS = 1_000;
/** One request to the contact centre may take so long. Unit: ms. */
const ATTEMPT_MS = 8_000;
/** Redis is away if it does not answer within this: some slices of the virtual time. Unit: ms. */
const COMMAND_MS = 1_500;

/** One life of a gateway: what replaces it after its death is another one. */
export interface ModelGateway {
  /** Counts all gateways of a run. */
  readonly id: number;
  readonly path: TracePath;
  /** How wrong the clock of its host is. Unit: ms. */
  wallOffsetMs: number;
  /**
   * Since when it has had Redis, heard all messages, and met no fault of it. Infinity: something is wrong.
   * Unit: ms since 1970-01-01 UTC.
   */
  healthySince: number;
  /** When it was cut off from Redis; Infinity while it is not. Unit: ms since 1970-01-01 UTC. */
  cutAt: number;
  /** What it told about itself. */
  readonly told: { joined: number; leaseWaits: number };
  cutRedis(): void;
  mendRedis(): void;
  /** It is gone at once: nothing it sends arrives any more. */
  die(): void;
  close(): Promise<void>;
}

export interface ModelGatewayOptions {
  readonly id: number;
  readonly time: VirtualTime;
  readonly centre: ModelCentre;
  readonly redisPort: number;
  readonly keyPrefix: string;
  readonly staleWhileRevalidate: boolean;
  /** Told of whatever happens on its wires. */
  readonly onActivity: () => void;
}

/** Opens the path of a gateway, as it is in production, behind switches of its own. */
export async function openModelGateway(options: ModelGatewayOptions): Promise<ModelGateway> {
  const { id, time, centre, redisPort, onActivity } = options;
  const port = await centre.listen(id);
  const toRedis = await openTcpSwitch(redisPort, onActivity);
  const state = { id, wallOffsetMs: 0, healthySince: Infinity, cutAt: Infinity, told: { joined: 0, leaseWaits: 0 } };
  const clock = { wall: () => time.now() + gateway.wallOffsetMs, monotonic: time.monotonic };
  const path = openTracePath(configOf(options, port.url, toRedis.port), pino({ level: 'silent' }), clock, {
    attempt: onActivity,
    queueWait: () => undefined,
    read: onActivity,
    singleFlightJoin: () => void (gateway.told.joined += 1),
    leaseWait: () => void (gateway.told.leaseWaits += 1),
    redisFailure: () => void (gateway.healthySince = Infinity),
    redisCommand: () => undefined,
  });
  const gateway: ModelGateway = Object.assign(state, {
    path,
    cutRedis() {
      gateway.healthySince = Infinity;
      gateway.cutAt = Math.min(gateway.cutAt, time.now());
      toRedis.cut();
    },
    mendRedis() {
      gateway.cutAt = Infinity;
      toRedis.mend();
    },
    die() {
      toRedis.cut();
      port.cut();
      void path.close();
    },
    async close() {
      await path.close();
      port.close();
      toRedis.close();
    },
  });
  return gateway;
}

/** Asks a gateway for one call, as a client does. */
export function askGateway(
  { path }: ModelGateway,
  key: TraceKey,
  ask: AskOptions,
  loggedAt?: number,
): Promise<CallTrace | Error> {
  const hints = loggedAt === undefined ? undefined : new Map([[traceKeyText(key), [loggedAt]]]);
  return path.fetchTraces([key], { ...ask, hints })[0] ?? Promise.reject(new Error('no promise for the key'));
}

function configOf(options: ModelGatewayOptions, centreUrl: string, redisPort: number): Config {
  const { time, keyPrefix, staleWhileRevalidate } = options;
  const env = {
    ...environmentFor({ url: centreUrl }),
    CMS_MAX_RETRIES: '0',
    CMS_AUTH_FAILURES_MAX: '100',
    CMS_ATTEMPT_TIMEOUT_MS: String(ATTEMPT_MS),
    REQUEST_DEADLINE_MS: '12000',
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    REDIS_KEY_PREFIX: keyPrefix,
    CACHE_LEASE_MS: String(LEASE_MS),
    CACHE_STALE_WHILE_REVALIDATE: String(staleWhileRevalidate),
  };
  const config = loadConfig(env, () => '', time.now);
  return { ...config, lifeRules: RULES, redis: config.redis && { ...config.redis, commandTimeoutMs: COMMAND_MS } };
}
