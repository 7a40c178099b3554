import { setTimeout as pause } from 'node:timers/promises';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { postOperation } from './client.js';
import { environmentFor } from './gateway.js';
import { startRedis } from './redis.js';
import { HOT_KEYS, keyOf, KEYS, liveKey, type SoakKey } from './soak-calls.js';
import { ALL_FAULTS, playClocks, playContactCentre, playDeaths, playRedis, type Strikes } from './soak-faults.js';
import {
  createSoakJudge,
  DOCUMENT,
  FINAL_FRESH_MS,
  OTHER_FRESH_MS,
  type SoakCounts,
  type SoakItem,
} from './soak-judge.js';
import { createLot } from './soak-lot.js';
import { openGatewayPlace, type GatewayPlace } from './soak-process.js';

export interface SoakOptions {
  readonly seconds: number;
  /** Another seed gives other faults and other questions. */
  readonly seed: number;
}

/** What came of it. */
export interface SoakSummary extends SoakCounts {
  readonly seconds: number;
  readonly seed: number;
  readonly operations: number;
  /** Operations whose client left. */
  readonly left: number;
  /** Operations that met a gateway which died meanwhile, or was not there yet. */
  readonly unreached: number;
  /** Operations that came back without an HTTP answer from a gateway that lived. */
  readonly broken: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly examples: readonly string[];
  /** Rejections that nobody handled and processes that ended by themselves; the first of them. */
  readonly unhandled: number;
  readonly unhandledExamples: readonly string[];
  readonly strikes: Readonly<Strikes>;
  /** Each fault is to strike so often at least; those that did not. */
  readonly leastStrikes: number;
  readonly tooRare: readonly string[];
  readonly upstreamRequests: number;
  /** Of each gateway. */
  readonly concurrencyLimit: number;
  /** Most requests under way, as a gateway and as the contact centre saw it. */
  readonly peakInFlight: number;
  readonly peakAtContactCentre: number;
  /** Longest time until an operation was answered. Unit: ms. */
  readonly slowestMs: number;
  /** Of the gateway that lives as long as the soak, after warm-up: mean of the first and of the last third. Unit: MiB. */
  readonly rssEarlyMib: number;
  readonly rssLateMib: number;
  readonly heapEarlyMib: number;
  readonly heapLateMib: number;
}

/** So often every fault strikes in a soak of so long; in a shorter one in proportion, and once at least. */
const STRIKES = 20;
const FULL_SECONDS = 600;
/** A soak goes on longer while a fault has struck too rarely: by half its time, or by so much. Unit: ms. */
const EXTRA_MS = 60_000;
const CONCURRENCY = 8;
const CLIENTS = 16;
const DEADLINE_MS = 2_500;
const MIB = 1024 * 1024;

/** Asks two gateways for calls from many clients, while everything around them fails in every way by turns. */
export async function soak({ seconds, seed }: SoakOptions): Promise<SoakSummary> {
  const lot = createLot(seed);
  const simulator = await startSimulator({ latencyMs: 3, lockAfter: 1_000_000 });
  const redis = await startRedis();
  const env = environmentOf(simulator, redis.url());
  const gateways = [await openGatewayPlace(env), await openGatewayPlace(env)] as const;
  const keys = Array.from({ length: KEYS }, (_, index) => keyOf(index));
  const locked: SoakKey = { ...keyOf(1), vdn: 199 };
  const judge = createSoakJudge();
  const strikes: Strikes = {};
  const count = { operations: 0, left: 0, unreached: 0, broken: 0 };
  let peakInFlight = 0;
  let slowestMs = 0;

  const leastStrikes = Math.max(1, Math.floor((STRIKES * seconds) / FULL_SECONDS));
  const tooRare = (): string[] => ALL_FAULTS.filter((name) => (strikes[name] ?? 0) < leastStrikes);
  const endsAt = Date.now() + seconds * 1_000;
  const endsAtLatest = endsAt + Math.max(EXTRA_MS, seconds * 500);
  const going = (): boolean => Date.now() < endsAt || (Date.now() < endsAtLatest && tooRare().length > 0);
  const stage = {
    ...{ lot, going, strikes, simulator, gateways },
    storied: keys.filter(({ storied }) => storied),
    refresh: (gateway: GatewayPlace, wanted: readonly SoakKey[]) => ask(gateway, wanted, true),
    lockKey: locked,
    turns: [],
  };
  try {
    const faults = [playContactCentre(stage), playRedis(stage, redis), playClocks(stage), playDeaths(stage)];
    await Promise.all([...faults, watch(), ...Array.from({ length: CLIENTS }, client)]);
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.close()));
    await simulator.close();
    await redis.close();
  }
  const unhandled = gateways.flatMap((gateway) => gateway.unhandled);
  return {
    ...{ seconds, seed },
    ...count,
    ...judge.counts,
    errors: judge.errors,
    examples: judge.examples,
    unhandled: unhandled.length,
    unhandledExamples: unhandled.slice(0, 3),
    strikes,
    leastStrikes,
    tooRare: tooRare(),
    upstreamRequests: simulator.total,
    concurrencyLimit: CONCURRENCY,
    peakInFlight,
    peakAtContactCentre: simulator.peakInFlight,
    slowestMs: Math.round(slowestMs),
    ...growthOf(gateways[0]),
  };

  /** How many requests each gateway has under way, as it says. */
  async function watch(): Promise<void> {
    for (; going(); await pause(25)) {
      for (const { url, isUp } of gateways) {
        if (!isUp) continue;
        const state = await fetch(`${url}/readyz`).then(
          (response) => response.json() as Promise<{ upstream: { inFlight: number } }>,
          () => null, // it dies
        );
        peakInFlight = Math.max(peakInFlight, state?.upstream.inFlight ?? 0);
      }
    }
  }

  async function client(): Promise<void> {
    while (going()) {
      const wanted = Array.from({ length: lot.pick([1, 1, 1, 5, 20]) }, wantedKey);
      const gateway = lot.pick(gateways);
      if (!gateway.isUp) await pause(20);
      else if (lot.below(30) === 0) await leave(gateway, wanted);
      else await ask(gateway, wanted, lot.below(20) === 0);
      await pause(lot.below(20));
    }
  }

  function wantedKey(): SoakKey {
    if (lot.below(6) === 0) return liveKey(lot, Date.now());
    return keys[lot.below(lot.below(2) === 0 ? HOT_KEYS : KEYS)] ?? keyOf(0);
  }

  async function ask(gateway: GatewayPlace, wanted: readonly SoakKey[], refresh: boolean): Promise<void> {
    const { lives } = gateway;
    const [startedAt, askedAt] = [performance.now(), Date.now()];
    count.operations += 1;
    const reply = await postOperation(`${gateway.url}/graphql`, DOCUMENT, { keys: wanted.map(bare), refresh }).catch(
      () => null,
    );
    if (reply === null) {
      if (gateway.isUp && gateway.lives === lives) count.broken += 1;
      else count.unreached += 1;
      return;
    }
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    const { data, errors } = reply.body;
    const items = data?.['calls'] as readonly (SoakItem | null)[] | undefined;
    if (!items) return judge.uncoded(wanted.length);
    wanted.forEach((key, index) =>
      judge.judge(
        key,
        items[index],
        errors?.find(({ path }) => path?.[1] === index),
        askedAt,
      ),
    );
  }

  /** An operation whose client goes away. */
  async function leave(gateway: GatewayPlace, wanted: readonly SoakKey[]): Promise<void> {
    count.left += 1;
    await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: DOCUMENT, variables: { keys: wanted.map(bare) } }),
      signal: AbortSignal.timeout(1 + lot.below(100)),
    }).then(
      (response) => response.body?.cancel(),
      () => undefined,
    );
  }
}

function environmentOf(simulator: Simulator, redisUrl: string): Record<string, string> {
  return {
    ...environmentFor(simulator),
    REDIS_URL: redisUrl,
    LOG_LEVEL: 'silent',
    CMS_MAX_CONCURRENCY: String(CONCURRENCY),
    CMS_MAX_QUEUE: '100',
    // Requests without a status are no reason to pause here: many have none.
    CMS_AUTH_FAILURES_MAX: '100',
    CMS_ATTEMPT_TIMEOUT_MS: '800',
    REQUEST_DEADLINE_MS: String(DEADLINE_MS),
    // So that what is cached goes stale many times in a minute.
    CACHE_FINAL_TTL_SECONDS: String(FINAL_FRESH_MS / 1_000),
    CACHE_OPEN_TTL_SECONDS: String(OTHER_FRESH_MS / 1_000),
    CACHE_QUIET_TTL_SECONDS: String(OTHER_FRESH_MS / 1_000),
    CACHE_QUIET_PAST_TTL_SECONDS: String(OTHER_FRESH_MS / 1_000),
    CACHE_EMPTY_TTL_SECONDS: '1',
    CACHE_EMPTY_MAX_TTL_SECONDS: '1',
    CACHE_SETTLE_SECONDS: '3',
    CACHE_MEMORY_MIB: '2',
    // All clients are one caller here, and ask as fast as they can.
    RATE_LIMIT_POINTS_PER_MINUTE: '1000000000',
  };
}

/** As a client names it. */
function bare({ vdn, callId }: SoakKey): Pick<SoakKey, 'vdn' | 'callId'> {
  return { vdn, callId };
}

function growthOf({ memory }: GatewayPlace): Pick<SoakSummary, `${'rss' | 'heap'}${'Early' | 'Late'}Mib`> {
  const warm = memory.slice(Math.floor(memory.length / 3));
  const third = Math.max(1, Math.floor(warm.length / 3));
  const meanOf = (some: typeof warm, field: 'rss' | 'heap'): number =>
    Math.round((some.reduce((total, one) => total + one[field], 0) / some.length / MIB) * 10) / 10;
  return {
    rssEarlyMib: meanOf(warm.slice(0, third), 'rss'),
    rssLateMib: meanOf(warm.slice(-third), 'rss'),
    heapEarlyMib: meanOf(warm.slice(0, third), 'heap'),
    heapLateMib: meanOf(warm.slice(-third), 'heap'),
  };
}
