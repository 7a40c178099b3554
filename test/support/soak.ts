import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { loadConfig } from '../../src/config.js';
import { startGateway } from '../../src/gateway.js';
import { FAULT_NAMES, type FaultName } from '../../src/simulator/fault-names.js';
import { startSimulator } from '../../src/simulator/simulator.js';
import { traceOf } from '../../src/simulator/trace.js';
import { FINAL, type TraceRecord } from '../../src/simulator/trace-record.js';
import { postOperation, type GraphqlErrorBody } from './client.js';
import { environmentFor } from './gateway.js';
import { startRedis } from './redis.js';

export interface SoakOptions {
  readonly seconds: number;
  /** Another seed gives other faults and other questions. */
  readonly seed: number;
  /** Whether a Redis stands between, which is paused, killed or filled now and then, too. */
  readonly redis: boolean;
}

/** What came of it. */
export interface SoakSummary {
  readonly seconds: number;
  readonly seed: number;
  readonly redis: boolean;
  /** Operations, and the items in them. */
  readonly operations: number;
  readonly items: number;
  /** Items that are as the contact centre has them. */
  readonly right: number;
  /** Those among them that were marked as stale. */
  readonly stale: number;
  /**
   * Calls across the end of a month of which one month could not be asked: the legs of the other, shown as not complete.
   * See docs/upstream.md, "Months".
   */
  readonly partial: number;
  /** Items that are what the contact centre told while it told another story; none of them could be known for one. */
  readonly told: number;
  /** Items with a coded error, by code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Items that differ from what the contact centre has; a few of them described. */
  readonly wrong: number;
  readonly wrongExamples: readonly string[];
  /** Items and whole answers with neither data nor a code of the contract. */
  readonly uncoded: number;
  readonly unhandledRejections: number;
  /** Operations whose client left. */
  readonly left: number;
  /** Faults that were switched on, by name: of the contact centre, and of Redis. */
  readonly faults: Readonly<Record<string, number>>;
  readonly redisFaults: Readonly<Record<string, number>>;
  readonly upstreamRequests: number;
  readonly concurrencyLimit: number;
  /** Most requests under way, as the gateway and as the contact centre saw it. */
  readonly peakInFlight: number;
  readonly peakAtContactCentre: number;
  /** Longest time until an operation was answered. Unit: ms. */
  readonly slowestMs: number;
  /** Resident memory after warm-up: mean of the first and of the last third of the samples. Unit: MiB. */
  readonly rssEarlyMib: number;
  readonly rssLateMib: number;
  /** Living heap in the same way, where node runs with --expose-gc. Unit: MiB. */
  readonly heapEarlyMib: number;
  readonly heapLateMib: number;
}

/**
 * Faults under which the contact centre tells another story, not a broken one, so that nobody could tell that it is not
 * true: what it makes of the legs. They meet the calls that are set apart for them.
 */
const OTHER_STORIES: Partial<Record<FaultName, (legs: readonly Leg[]) => readonly Leg[] | null>> = {
  'desc-null': () => null,
  'unknown-codes': (legs) => legs.map(([number, device, begin, end]) => [number, device, begin, end, UNKNOWN_CODE]),
  'two-final-legs': (legs) => legs.flatMap((leg) => (leg[0] === FINAL ? [leg, aSecondLonger(leg)] : [leg])),
  'no-final-leg': (legs) => legs.filter(([number]) => number !== FINAL),
  'negative-times': (legs) => legs.map(([number, device, , , reason]) => [number, device, null, null, reason]),
};
/** Shuts the gateway for half a minute: now and then in a long soak. test/upstream/gateway.test.ts has it in short. */
const LOCK: FaultName = 'http-403-json';
const LOCK_EVERY_MS = 120_000;
const FAULTS = FAULT_NAMES.filter((name) => name !== LOCK);
/** The simulator's, for the fault `unknown-codes`. */
const UNKNOWN_CODE = 9999;

const CODES = new Set([
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_OVERLOADED',
  'UPSTREAM_AUTH_FAILED',
  'UPSTREAM_REJECTED',
  'UPSTREAM_MALFORMED',
]);
const CONCURRENCY = 8;
const CLIENTS = 24;
const KEYS = 4_000;
const HOT_KEYS = 40;
const DEADLINE_MS = 2_000;
const MIB = 1024 * 1024;
/** 2025-06-15T08:00:00Z. Unit: seconds since 1970-01-01 UTC. */
const FIRST_START = 1_749_974_400;
/** 2025-06-30T23:59:30Z, so that calls lie across the end of a month. Unit: seconds since 1970-01-01 UTC. */
const EDGE_START = 1_751_327_970;
/** The number of the story that lies across the end of a month. */
const CROSSES_MONTH_END = 11;
/** Every call in so many is set apart for other stories. */
const STORY_EVERY = 25;
const HALF_MONTH_MS = 15 * 86_400_000;

const DOCUMENT = `query ($keys: [CallKeyInput!]!, $refresh: Boolean) {
  calls(keys: $keys, refresh: $refresh) {
    callId vdn complete legs { callIdNum deviceNo callBegin callEnd leaveReasonCode } freshness { stale }
  }
}`;

interface Key {
  readonly vdn: number;
  readonly callId: string;
  /** Whether other stories are told of this call. */
  readonly storied: boolean;
}

interface Item extends Omit<Key, 'storied'> {
  readonly complete: boolean;
  readonly legs: readonly {
    readonly callIdNum: number;
    readonly deviceNo: string | null;
    readonly callBegin: string | null;
    readonly callEnd: string | null;
    readonly leaveReasonCode: number | null;
  }[];
  readonly freshness: { readonly stale: boolean };
}

/** Asks a gateway for calls from many clients, while its contact centre fails in every way by turns. */
export async function soak({ seconds, seed, redis: withRedis }: SoakOptions): Promise<SoakSummary> {
  const random = createLot(seed);
  const simulator = await startSimulator({ latencyMs: 3, lockAfter: 1_000_000 });
  const redis = withRedis ? await startRedis() : undefined;
  const config = loadConfig(
    {
      ...environmentFor(simulator),
      LOG_LEVEL: 'silent',
      CMS_MAX_CONCURRENCY: String(CONCURRENCY),
      CMS_MAX_QUEUE: '100',
      CMS_ATTEMPT_TIMEOUT_MS: '500',
      REQUEST_DEADLINE_MS: String(DEADLINE_MS),
      // So that what is cached goes stale many times in a minute.
      CACHE_FINAL_TTL_SECONDS: '2',
      CACHE_OPEN_TTL_SECONDS: '1',
      CACHE_EMPTY_TTL_SECONDS: '1',
      CACHE_EMPTY_MAX_TTL_SECONDS: '2',
      CACHE_MEMORY_MIB: '2',
      // All clients are one caller here, and ask as fast as they can.
      RATE_LIMIT_POINTS_PER_MINUTE: '1000000000',
      ...(redis ? { REDIS_URL: redis.url() } : {}),
    },
    () => '',
  );
  const gateway = await startGateway(config, pino({ level: 'silent' }));

  const keys = Array.from({ length: KEYS }, (_, index) => keyOf(index));
  const storied = keys.filter((key) => key.storied).map(({ callId }) => callId);
  const count = {
    operations: 0,
    items: 0,
    right: 0,
    stale: 0,
    partial: 0,
    told: 0,
    wrong: 0,
    uncoded: 0,
    left: 0,
    unhandledRejections: 0,
  };
  const errors: Record<string, number> = {};
  const faults: Record<string, number> = {};
  const redisFaults: Record<string, number> = {};
  const wrongExamples: string[] = [];
  const samples: { rss: number; heap: number }[] = [];
  let peakInFlight = 0;
  let slowestMs = 0;
  const noteRejection = (): void => void (count.unhandledRejections += 1);
  process.on('unhandledRejection', noteRejection);

  const endsAt = Date.now() + seconds * 1_000;
  const going = (): boolean => Date.now() < endsAt;
  try {
    await Promise.all([toggle(), troubleRedis(), watch(), ...Array.from({ length: CLIENTS }, client)]);
    simulator.configure({ fault: null, capacity: Infinity });
  } finally {
    await gateway.close();
    await simulator.close();
    await redis?.close();
  }
  await pause(50); // what is left unhandled is told a turn later
  process.off('unhandledRejection', noteRejection);

  const warm = samples.slice(Math.floor(samples.length / 3));
  const third = Math.max(1, Math.floor(warm.length / 3));
  const meanOf = (some: typeof samples, field: 'rss' | 'heap'): number =>
    Math.round((some.reduce((total, one) => total + one[field], 0) / some.length / MIB) * 10) / 10;
  return {
    seconds,
    seed,
    redis: withRedis,
    ...count,
    errors,
    faults,
    redisFaults,
    wrongExamples,
    upstreamRequests: simulator.total,
    concurrencyLimit: CONCURRENCY,
    peakInFlight,
    peakAtContactCentre: simulator.peakInFlight,
    slowestMs: Math.round(slowestMs),
    rssEarlyMib: meanOf(warm.slice(0, third), 'rss'),
    rssLateMib: meanOf(warm.slice(-third), 'rss'),
    heapEarlyMib: meanOf(warm.slice(0, third), 'heap'),
    heapLateMib: meanOf(warm.slice(-third), 'heap'),
  };

  /** One fault after the other, with pauses, for some of the requests or for all. */
  async function toggle(): Promise<void> {
    let lockAt = Date.now() + LOCK_EVERY_MS;
    while (going()) {
      const locks = Date.now() >= lockAt;
      if (locks) lockAt += LOCK_EVERY_MS;
      const fault = locks ? LOCK : random.pick(FAULTS);
      faults[fault] = (faults[fault] ?? 0) + 1;
      const faultRate = random.pick([0.1, 0.5, 1]);
      // Refused signatures shut the gateway for half a minute if three come in a row; 50 MiB are work for the machine.
      const faultCount = { 'http-401': 2, 'huge-body': 3, [LOCK]: 1 }[fault as string] ?? null;
      const faultCallIds = fault in OTHER_STORIES ? storied : null;
      const retryAfter = random.pick([null, '0', '1', new Date(Date.now() + 1_000).toUTCString()]);
      const capacity = random.pick([Infinity, Infinity, 4]);
      simulator.configure({ fault, faultRate, faultCount, faultCallIds, retryAfter, capacity, slowMs: 200 });
      await pause(200 + random.below(800));
      simulator.configure({ fault: null, faultCount: null, capacity: Infinity });
      // Now and then long enough for an address that was left alone to come back.
      await pause(random.pick([100, 100, 500, 2_000]));
    }
  }

  /** Redis does not answer, is gone and comes back empty, or is full, for less than a second each. */
  async function troubleRedis(): Promise<void> {
    if (!redis) return;
    const troubles = {
      paused: [() => redis.pause(), () => redis.resume()],
      killed: [() => redis.kill(), () => redis.start()],
      full: [() => redis.inside.config('SET', 'maxmemory', '1'), () => redis.inside.config('SET', 'maxmemory', '0')],
    } as const;
    while (going()) {
      await pause(1_000 + random.below(3_000));
      const name = random.pick(Object.keys(troubles) as (keyof typeof troubles)[]);
      redisFaults[name] = (redisFaults[name] ?? 0) + 1;
      const [begin, end] = troubles[name];
      await begin();
      await pause(random.below(800));
      await end();
    }
  }

  async function watch(): Promise<void> {
    for (let n = 0; going(); n += 1) {
      const response = await fetch(`${gateway.url}/readyz`);
      const { upstream } = (await response.json()) as { upstream: { inFlight: number } };
      peakInFlight = Math.max(peakInFlight, upstream.inFlight);
      if (n % 20 === 0) {
        globalThis.gc?.();
        const { rss, heapUsed } = process.memoryUsage();
        samples.push({ rss, heap: heapUsed });
      }
      await pause(25);
    }
  }

  async function client(): Promise<void> {
    while (going()) {
      const wanted = Array.from(
        { length: random.pick([1, 1, 1, 5, 20]) },
        () => keys[random.below(random.below(2) === 0 ? HOT_KEYS : KEYS)],
      ).filter((key) => key !== undefined);
      if (random.below(30) === 0) await leave(wanted);
      else await ask(wanted, random.below(20) === 0);
      await pause(random.below(20));
    }
  }

  async function ask(wanted: readonly Key[], refresh: boolean): Promise<void> {
    const startedAt = performance.now();
    const { body } = await postOperation(`${gateway.url}/graphql`, DOCUMENT, { keys: wanted.map(bare), refresh });
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    count.operations += 1;
    const items = body.data?.['calls'] as readonly (Item | null)[] | undefined;
    if (!items) {
      count.uncoded += wanted.length;
      return;
    }
    wanted.forEach((key, index) =>
      judge(
        key,
        items[index],
        body.errors?.find(({ path }) => path?.[1] === index),
      ),
    );
  }

  /** An operation whose client goes away. */
  async function leave(wanted: readonly Key[]): Promise<void> {
    count.left += 1;
    await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: DOCUMENT, variables: { keys: wanted.map(bare) } }),
      signal: AbortSignal.timeout(1 + random.below(100)),
    }).then(
      (response) => response.body?.cancel(),
      () => undefined,
    );
  }

  function judge(key: Key, item: Item | null | undefined, error: GraphqlErrorBody | undefined): void {
    count.items += 1;
    const code = String(error?.extensions['code']);
    if (error && CODES.has(code)) {
      errors[code] = (errors[code] ?? 0) + 1;
      return;
    }
    if (error || item === undefined) {
      count.uncoded += 1;
      return;
    }
    const [legs, expectedAll] = [legsOf(item), expectedLegs(key)];
    const [got, expected] = [JSON.stringify(legs), JSON.stringify(expectedAll)];
    if (got === expected && (item === null || (item.callId === key.callId && item.vdn === key.vdn))) {
      count.right += 1;
      if (item?.freshness.stale) count.stale += 1;
      return;
    }
    const isPart = legs?.every((leg) => expected.includes(JSON.stringify(leg))) ?? false;
    if (item && !item.complete && legs?.length && isPart && key.callId.endsWith(`-${CROSSES_MONTH_END}`)) {
      count.partial += 1;
      return;
    }
    if (key.storied && Object.values(OTHER_STORIES).some((tell) => JSON.stringify(tell(expectedAll ?? [])) === got)) {
      count.told += 1;
      return;
    }
    count.wrong += 1;
    if (wrongExamples.length < 5) wrongExamples.push(`${key.vdn}/${key.callId}: ${got} in place of ${expected}`);
  }
}

/** The key in this place: every story of the simulator, over some VDNs, calls that are never found among them. */
function keyOf(index: number): Key {
  const number = index % 50 === 0 ? 404 : (index % 12) + 1;
  const start = number === CROSSES_MONTH_END ? EDGE_START : FIRST_START + index;
  const key = { vdn: 170 + (index % 7), callId: `${start}-${number}` };
  // Calls that are over, in one month: of others the simulator's stories are none of these.
  const isOver = expectedLegs(key)?.some(([callIdNum]) => callIdNum === FINAL) === true;
  return { ...key, storied: index % STORY_EVERY === 7 && isOver && number !== CROSSES_MONTH_END };
}

/** As a client names it. */
function bare({ vdn, callId }: Key): Pick<Key, 'vdn' | 'callId'> {
  return { vdn, callId };
}

/** Number, device, begin and end of the call there, reason for leaving. */
type Leg = readonly [number, string | null, string | null, string | null, number | null];

function legsOf(item: Item | null): Leg[] | null {
  if (!item) return null;
  return item.legs.map((leg) => [leg.callIdNum, leg.deviceNo, leg.callBegin, leg.callEnd, leg.leaveReasonCode]);
}

/** What the contact centre has of a call, in all months, in the order in which the graph shows it. */
function expectedLegs({ vdn, callId }: Pick<Key, 'vdn' | 'callId'>): Leg[] | null {
  const startedAt = Number(callId.split('-', 1)[0]) * 1_000;
  const world = { seed: 1, timeZone: 'UTC', now: Date.now() };
  const records = new Map<number, TraceRecord>();
  for (const logDate of [startedAt, startedAt + HALF_MONTH_MS]) {
    for (const one of traceOf({ ccId: 1, vdn, callId, logDate }, world)) records.set(one.callIdNum, one);
  }
  if (records.size === 0) return null;
  const rank = (number: number): number => (number === FINAL ? Infinity : number);
  return [...records.values()]
    .sort((a, b) => rank(a.callIdNum) - rank(b.callIdNum))
    .map((one) => [one.callIdNum, one.deviceNo, instant(one.callBegin), instant(one.callEnd), one.leaveReason]);
}

function aSecondLonger([number, device, begin, end, reason]: Leg): Leg {
  return [number, device, begin, instant((end === null ? 0 : Date.parse(end)) + 1_000), reason];
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** Lots that a seed decides (mulberry32). */
function createLot(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    below: (limit: number): number => Math.floor(next() * limit),
    pick: <T>(some: readonly T[]): T => some[Math.floor(next() * some.length)] as T,
  };
}
