import type { TraceKey } from '../../src/call/key.js';
import { countListeners, cutListeners, type RedisServer } from '../support/redis.js';
import type { ModelCentre } from './contact-centre.js';
import { openModelGateway, type ModelGateway } from './gateway.js';
import { createPace, type Pace } from './pace.js';
import type { VirtualTime } from './virtual-time.js';

/** Gateways that share one Redis and one contact centre, and how a run waits for them. */
export interface Estate extends Pace {
  /** Opens a gateway, which has asked its first question and listens to the others. */
  open(): Promise<ModelGateway>;
  /** It is gone at once: nothing it sends arrives any more. */
  kill(gateway: ModelGateway): void;
  /** What is wrong with Redis from now on; null: it is right again. */
  redisTroubled(fault: 'paused' | 'killed' | 'refusing' | null): void;
  /** All lose the connections on which they listen. */
  deafen(): Promise<void>;
  close(): Promise<void>;
}

export interface EstateOptions {
  readonly time: VirtualTime;
  readonly redis: RedisServer;
  readonly keyPrefix: string;
  readonly staleWhileRevalidate: boolean;
  readonly centre: () => ModelCentre;
}

/** A gateway reads within this what it has missed of the others. Unit: ms. */
const READ_MS = 1_100;
/** So often a gateway that was opened is looked at until it has Redis and has heard the others. */
const LOOKS = 40;
const LOOK_EVERY_MS = 100;

/** Opens no gateway yet. */
export function createEstate({ time, redis, keyPrefix, staleWhileRevalidate, centre }: EstateOptions): Estate {
  const living: ModelGateway[] = [];
  const all: ModelGateway[] = [];
  let fault: 'paused' | 'killed' | 'refusing' | null = null;
  const redisState = (): 'right' | 'refusing' | 'away' => {
    if (fault === 'paused' || fault === 'killed' || redis.inside.status !== 'ready') return 'away';
    return fault === null ? 'right' : 'refusing';
  };
  const pace = createPace({ time, inside: redis.inside, keyPrefix, redisState, onSlice: lookForHealth });

  return {
    ...pace,
    async open() {
      const gateway = await openModelGateway({
        ...{ time, keyPrefix, staleWhileRevalidate, onActivity: pace.onActivity },
        id: all.length + 1,
        centre: centre(),
        redisPort: redis.port,
      });
      all.push(gateway);
      living.push(gateway);
      await warmUp(gateway);
      return gateway;
    },
    kill(gateway) {
      gateway.die();
      living.splice(living.indexOf(gateway), 1);
    },
    redisTroubled(next) {
      fault = next;
      if (next !== null) noHealth();
    },
    async deafen() {
      if (redisState() === 'away') return;
      noHealth();
      await cutListeners(redis);
    },
    async close() {
      await pace.through(Promise.all(all.map((gateway) => gateway.close())));
    },
  };

  /** Its first question, so that it knows the contact centre's clock and that its key is good. */
  async function warmUp(gateway: ModelGateway): Promise<void> {
    const key = { ccId: 1, vdn: 1, callId: `1700000000-${gateway.id}`, month: '2023-11' } as TraceKey;
    await pace.through(Promise.all(gateway.path.fetchTraces([key])));
    for (let look = 0; look < LOOKS && gateway.healthySince > time.now() && fault === null; look += 1)
      await pace.advance(LOOK_EVERY_MS);
  }

  function noHealth(): void {
    for (const gateway of living) gateway.healthySince = Infinity;
  }

  /** Looks which gateways have recovered. */
  async function lookForHealth(): Promise<void> {
    const connected = living.filter(({ cutAt }) => cutAt === Infinity);
    const missing = connected.filter(({ healthySince }) => healthySince === Infinity);
    if (missing.length === 0 || redisState() !== 'right') return;
    if ((await countListeners(redis)) < connected.length) return;
    for (const gateway of missing) if (gateway.path.redis === 'up') gateway.healthySince = time.now() + READ_MS;
  }
}
