import { setTimeout as pause } from 'node:timers/promises';
import { FAULT_NAMES, type FaultName } from '../../simulator/fault-names.js';
import type { Behaviour, Simulator } from '../../simulator/simulator.js';
import { cutListeners, type RedisServer } from './redis.js';
import { OTHER_STORIES, type SoakKey } from './soak-calls.js';
import type { Lot } from './soak-lot.js';
import type { GatewayPlace } from './soak-process.js';

/** How often each fault struck, by name. */
export type Strikes = Record<string, number>;

/** What faults are played with. */
export interface FaultStage {
  readonly lot: Lot;
  /** Whether the soak goes on. */
  readonly going: () => boolean;
  readonly strikes: Strikes;
  readonly simulator: Simulator;
  /** The first one lives as long as the soak. */
  readonly gateways: readonly [GatewayPlace, GatewayPlace];
  /** Those of which other stories may be told. */
  readonly storied: readonly SoakKey[];
  /** Asks a gateway for calls, whatever it holds of them. */
  refresh(gateway: GatewayPlace, keys: readonly SoakKey[]): Promise<void>;
  /** A call that is asked for nowhere else. */
  readonly lockKey: SoakKey;
  /** What is to happen before the next fault of the contact centre, which has but one at a time. */
  readonly turns: (() => Promise<void>)[];
}

/** Faults that shut a gateway for half a minute: they meet the second one, shortly before its death. */
const SHUTTING: readonly FaultName[] = ['http-401', 'http-403-json'];
const FAULTS = FAULT_NAMES.filter((name) => !SHUTTING.includes(name));
/** 50 MiB are work for the machine. */
const LIMITED: Partial<Record<FaultName, number>> = { 'huge-body': 3 };
/** More than a fault can strike while it is switched on. */
const UNLIMITED = 1_000_000;
const TWO_HOURS_MS = 7_200_000;

/** One fault of the contact centre after the other, each once in a round, for some of the requests or for all. */
export async function playContactCentre(stage: FaultStage): Promise<void> {
  const { lot, going, simulator, storied, gateways } = stage;
  const storiedIds = storied.map(({ callId }) => callId);
  while (going()) {
    for (const fault of lot.shuffle(FAULTS)) {
      for (const turn of stage.turns.splice(0)) await turn();
      if (!going()) break;
      // Calls of which stories are told are few.
      if (fault in OTHER_STORIES)
        void stage.refresh(
          lot.pick(gateways),
          [1, 2, 3].map(() => lot.pick(storied)),
        );
      await strike(
        stage,
        fault,
        {
          faultCount: LIMITED[fault] ?? UNLIMITED,
          faultCallIds: fault in OTHER_STORIES ? storiedIds : null,
          faultRate: lot.pick([0.2, 0.5, 1]),
          retryAfter: lot.pick([null, '0', '1', new Date(Date.now() + 1_000).toUTCString()]),
          capacity: lot.pick([Infinity, Infinity, 4]),
          slowMs: 200,
        },
        100 + lot.below(200),
      );
      // Now and then long enough for an address that was left alone to come back.
      await pause(lot.pick([50, 50, 200, 1_000]));
    }
  }
  for (const turn of stage.turns.splice(0)) await turn();
  simulator.configure({ fault: null, capacity: Infinity });
}

async function strike(stage: FaultStage, fault: FaultName, how: Partial<Behaviour>, forMs: number): Promise<void> {
  const { simulator, strikes, going } = stage;
  const faultCount = how.faultCount ?? UNLIMITED;
  simulator.configure({ ...how, fault, faultCount });
  const endsAt = Date.now() + forMs;
  // At least once, for an address that is left alone has to come back first.
  while (going() && (Date.now() < endsAt || (await struck()) === 0) && Date.now() < endsAt + 3_000) await pause(25);
  strikes[fault] = (strikes[fault] ?? 0) + (await struck());
  simulator.configure({ fault: null, faultCount: null, faultCallIds: null, capacity: Infinity });

  async function struck(): Promise<number> {
    const response = await fetch(`${simulator.url}/control`);
    const { behaviour } = (await response.json()) as { behaviour: Behaviour };
    return faultCount - (behaviour.fault === fault ? (behaviour.faultCount ?? 0) : 0);
  }
}

/** Redis does not answer, is gone and comes back empty, is full or takes no writes, or drops all connections. */
export async function playRedis({ lot, going, strikes }: FaultStage, redis: RedisServer): Promise<void> {
  const faults = {
    'redis-paused': [() => redis.pause(), () => redis.resume()],
    'redis-killed': [() => redis.kill(), () => redis.start()],
    'redis-full': [
      () => redis.inside.config('SET', 'maxmemory', '1'),
      () => redis.inside.config('SET', 'maxmemory', '0'),
    ],
    'redis-read-only': [() => redis.inside.replicaof('127.0.0.1', 1), () => redis.inside.replicaof('NO', 'ONE')],
    'redis-cut': [() => redis.inside.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'), () => undefined],
    'redis-unsubscribed': [() => cutListeners(redis), () => undefined],
  } as const;
  while (going()) {
    for (const name of lot.shuffle(Object.keys(faults) as (keyof typeof faults)[])) {
      await pause(500 + lot.below(1_500));
      if (!going()) return;
      strikes[name] = (strikes[name] ?? 0) + 1;
      const [begin, end] = faults[name];
      await begin();
      await pause(lot.below(800));
      await end();
    }
  }
}

/** The clocks of both hosts are set two hours forward or back, and right again. */
export async function playClocks({ lot, going, strikes, gateways }: FaultStage): Promise<void> {
  while (going()) {
    await pause(1_000 + lot.below(4_000));
    const [name, offsetMs] = lot.pick([
      ['clock-forward', TWO_HOURS_MS],
      ['clock-back', -TWO_HOURS_MS],
    ] as const);
    strikes[name] = (strikes[name] ?? 0) + 1;
    const gateway = lot.pick(gateways);
    gateway.setClock(offsetMs);
    await pause(1_000 + lot.below(4_000));
    gateway.setClock(0);
  }
}

/** The second gateway dies in the middle of its work and is replaced; two times of three it was shut before. */
export async function playDeaths(stage: FaultStage): Promise<void> {
  const { lot, going, strikes, gateways, turns } = stage;
  for (let count = 0; going(); count += 1) {
    await pause(2_000 + lot.below(3_000));
    if (!going()) return;
    const fault = SHUTTING[count % (SHUTTING.length + 1)];
    if (fault) {
      await new Promise<void>((resolve) => turns.push(() => shut(stage, fault).finally(resolve)));
      await pause(500);
    }
    strikes['death'] = (strikes['death'] ?? 0) + 1;
    await gateways[1].replace();
  }
}

async function shut(stage: FaultStage, fault: FaultName): Promise<void> {
  const { gateways, lockKey } = stage;
  const asking = stage.refresh(gateways[1], [lockKey]);
  await strike(stage, fault, { faultCount: 1, faultCallIds: [lockKey.callId], faultRate: 1 }, 100);
  await asking;
}

/** Every fault that is to strike. */
export const ALL_FAULTS: readonly string[] = [
  ...FAULT_NAMES,
  ...['redis-paused', 'redis-killed', 'redis-full', 'redis-read-only', 'redis-cut', 'redis-unsubscribed'],
  ...['clock-forward', 'clock-back', 'death'],
];
