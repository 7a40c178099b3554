import { setImmediate, setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UpstreamUnavailableError } from '../../../src/call/errors.js';
import { traceKeyText, type TraceKey } from '../../../src/call/key.js';
import type { CallTrace, FetchTraces } from '../../../src/call/trace.js';
import { withCoalescing } from '../../../src/tiers/coalesce.js';
import { withMemory } from '../../../src/tiers/memory.js';
import { openRedis, type OpenedRedis } from '../../../src/tiers/redis/open.js';
import { withRedis } from '../../../src/tiers/redis/tier.js';
import { createTraceMemory } from '../../../src/tiers/trace-memory.js';
import { createRecord } from '../../fixtures/records.js';
import { openSharedRedis, type SharedRedis } from '../../support/redis.js';
import { createKeys, FETCHED_AT, FRESHNESS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../support/traces.js';
import { eventually } from './support/eventually.js';

const KEYS = createKeys(3);
/** Waiting for another gateway takes no longer. Unit: ms. */
const PATIENCE_MS = 5_000;

type Event =
  | {
      readonly kind: 'ask';
      readonly gateways: readonly number[];
      readonly keys: readonly number[];
      readonly refresh: boolean;
    }
  | { readonly kind: 'upstream'; readonly up: boolean }
  | { readonly kind: 'progress'; readonly key: number }
  | { readonly kind: 'clock'; readonly stepMs: number }
  | { readonly kind: 'redis'; readonly fault: 'pause' | 'disconnect' | 'empty' | 'poison' }
  | { readonly kind: 'death'; readonly gateway: number; readonly key: number };

const index = (count: number) => fc.nat({ max: count - 1 });
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      gateways: fc.array(index(2), { minLength: 1, maxLength: 4 }),
      keys: fc.array(index(KEYS.length), { minLength: 1, maxLength: 4 }),
      refresh: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('upstream' as const), up: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('progress' as const), key: index(KEYS.length) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('clock' as const),
      stepMs: fc.constantFrom(SECOND_MS, 11 * SECOND_MS, MINUTE_MS, 2 * HOUR_MS, -MINUTE_MS),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('redis' as const),
      fault: fc.constantFrom('pause' as const, 'disconnect' as const, 'empty' as const, 'poison' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('death' as const), gateway: index(2), key: index(KEYS.length) }),
  },
);

/** What the contact centre knows of the calls, and what it was asked. */
class ContactCentre {
  up = true;
  /** A gateway that is about to die asks, and hears nothing. */
  hangs = false;
  readonly asked: string[] = [];
  /** How far each call is: not begun, then so many legs, then over. */
  readonly #steps = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  progress(key: TraceKey): void {
    const text = traceKeyText(key);
    this.#steps.set(text, Math.min(3, (this.#steps.get(text) ?? 0) + 1));
  }

  isOver(key: TraceKey): boolean {
    return this.#steps.get(traceKeyText(key)) === 3;
  }

  readonly fetchTraces: FetchTraces = (keys) => Promise.all(keys.map((key) => this.#fetch(key)));

  async #fetch(key: TraceKey): Promise<CallTrace | Error> {
    const text = traceKeyText(key);
    if (this.hangs) return new Promise(() => undefined);
    this.asked.push(text);
    await setImmediate();
    if (!this.up) return new UpstreamUnavailableError(`${text}: down`);
    const step = this.#steps.get(text) ?? 0;
    const fetchedAt = this.#now();
    const legs = Array.from({ length: step }, (_, leg) =>
      createRecord({
        callIdNum: leg === 2 ? -1 : leg + 1,
        waitBegin: fetchedAt - HOUR_MS,
        callEnd: fetchedAt - HOUR_MS,
        deviceNo: text,
      }),
    );
    return {
      key,
      records: legs,
      fetchedAt,
      final: step === 3,
      emptyStreak: step === 0 ? 1 : 0,
      stale: false,
      source: 'UPSTREAM',
    };
  }
}

interface Gateway {
  readonly opened: OpenedRedis;
  readonly fetchTraces: FetchTraces;
  /** Ends it without a farewell: it asks nothing any more, and its leases lapse. */
  die(): Promise<void>;
  /** Calls that it has answered as final from a clock not ahead of ours: it holds them. */
  readonly holdsFinal: Set<string>;
}

describe('an estate of two gateways over one Redis', () => {
  let redis: SharedRedis;
  let now = FETCHED_AT;
  beforeAll(async () => {
    redis = await openSharedRedis();
  });
  afterAll(() => redis.close());

  async function open(centre: ContactCentre): Promise<Gateway> {
    const clock = (): number => now;
    const opened = openRedis(
      {
        url: redis.url,
        protocol: 3,
        commandTimeoutMs: 2_000,
        keyPrefix: redis.keyPrefix,
        leaseMs: 300,
        sealKeys: undefined,
      },
      {
        freshness: FRESHNESS,
        now: clock,
        onGone: () => undefined,
        onMissed: () => undefined,
        log: { info: () => undefined, warn: () => undefined },
      },
    );
    await eventually('the gateway can use Redis', () => opened.state === 'up');
    const standIn = { freshness: FRESHNESS, staleWhileRevalidate: false, now: clock };
    let alive = true;
    const ask: FetchTraces = (keys) => (alive ? centre.fetchTraces(keys) : new Promise(() => undefined));
    const shared = withRedis(ask, { ...standIn, store: opened.store, maxWaitMs: PATIENCE_MS });
    const fetchTraces = withMemory(withCoalescing(shared, clock), createTraceMemory(1024 * 1024), standIn);
    return {
      opened,
      fetchTraces,
      die: () => {
        alive = false;
        return opened.close();
      },
      holdsFinal: new Set(),
    };
  }

  async function fault(kind: 'pause' | 'disconnect' | 'empty' | 'poison'): Promise<void> {
    const { inside, keyPrefix } = redis;
    if (kind === 'pause') await inside.client('PAUSE', 50, 'ALL');
    if (kind === 'disconnect') await inside.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    const names = await inside.keys(`${keyPrefix}calltrace:v1:*`);
    if (kind === 'empty' && names.length > 0) await inside.del(...names);
    if (kind === 'poison') await Promise.all(names.map((name) => inside.set(name, 'p[1,"rubbish"]', 'PX', HOUR_MS)));
  }

  /** Plays the events, and holds every answer against what can be true of it. */
  async function play(events: readonly Event[]): Promise<void> {
    now = FETCHED_AT;
    const centre = new ContactCentre(() => now);
    const gateways = [await open(centre), await open(centre)] as [Gateway, Gateway];
    let faultless = true;
    for (const one of events) {
      switch (one.kind) {
        case 'upstream':
          centre.up = one.up;
          break;
        case 'progress':
          centre.progress(KEYS[one.key] as TraceKey);
          break;
        case 'clock':
          now += one.stepMs;
          if (one.stepMs < 0) gateways.forEach((gateway) => gateway.holdsFinal.clear());
          break;
        case 'redis':
          faultless = false;
          await fault(one.fault);
          break;
        case 'death': {
          // It holds the lease of the key, if it had to ask, and dies with it; another takes its place.
          centre.hangs = true;
          void gateways[one.gateway as 0 | 1].fetchTraces([KEYS[one.key] as TraceKey]);
          await setTimeout(5);
          await gateways[one.gateway as 0 | 1].die();
          centre.hangs = false;
          gateways[one.gateway as 0 | 1] = await open(centre);
          break;
        }
        case 'ask': {
          const asked = centre.asked.length;
          const keys = one.keys.map((key) => KEYS[key] as TraceKey);
          const heldBefore = one.gateways.map((gateway) => new Set(gateways[gateway as 0 | 1].holdsFinal));
          const batches = await Promise.all(
            one.gateways.map((gateway) => gateways[gateway as 0 | 1].fetchTraces(keys, { refresh: one.refresh })),
          );
          const questions = centre.asked.slice(asked);
          batches.forEach((answers, at) => {
            const gateway = gateways[one.gateways[at] as 0 | 1];
            expect(answers).toHaveLength(keys.length);
            answers.forEach((answer, place) => check(answer, keys[place] as TraceKey, centre, gateway));
          });
          for (const key of new Set(keys.map(traceKeyText))) {
            const times = questions.filter((text) => text === key).length;
            // Nobody asks again for what each of the askers holds as final.
            if (!one.refresh && heldBefore.every((held) => held.has(key))) expect(times).toBe(0);
            // However many ask at once, one question does for all while Redis does its work.
            if (faultless && centre.up && !one.refresh) expect(times).toBeLessThanOrEqual(1);
          }
        }
      }
    }
    await Promise.all(gateways.map((gateway) => gateway.die()));
  }

  function check(answer: CallTrace | Error, key: TraceKey, centre: ContactCentre, gateway: Gateway): void {
    if (answer instanceof Error) {
      // A failure is never kept: it is only heard while the contact centre fails.
      expect(answer).toBeInstanceOf(UpstreamUnavailableError);
      expect(centre.up).toBe(false);
      return;
    }
    expect(traceKeyText(answer.key)).toBe(traceKeyText(key));
    expect(answer.records.every((record) => record.deviceNo === traceKeyText(key))).toBe(true);
    if (answer.stale) expect(centre.up).toBe(false);
    if (answer.final) {
      expect(centre.isOver(key)).toBe(true);
      if (!answer.stale && answer.fetchedAt <= now) gateway.holdsFinal.add(traceKeyText(key));
    }
  }

  it('never gives the wrong call, keeps no failure, asks once and forgets nobody, whatever happens to Redis and gateways', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 14 }), async (events) => {
        await play(events);
        await fault('empty');
      }),
      { numRuns: 40, endOnFailure: true },
    );
  }, 120_000);
});
