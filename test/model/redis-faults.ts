import type { RedisServer } from '../support/redis.js';
import type { Estate } from './estate.js';

/** What may be wrong with Redis for all: it hangs, is gone and comes back empty, takes no writes. */
export type RedisFault = 'pause' | 'kill' | 'full' | 'read-only';

/** One fault of Redis at a time. */
export interface RedisFaults {
  begin(fault: RedisFault): Promise<void>;
  /** Ends the fault, if there is one. */
  mend(): Promise<void>;
}

/** Redis is right at first. */
export function createRedisFaults(redis: RedisServer, estate: Estate): RedisFaults {
  const faults: Record<RedisFault, readonly [begin: () => unknown, end: () => unknown]> = {
    pause: [() => redis.pause(), () => redis.resume()],
    kill: [() => redis.kill(), () => estate.through(redis.start())],
    full: [() => redis.inside.config('SET', 'maxmemory', '1'), () => redis.inside.config('SET', 'maxmemory', '0')],
    'read-only': [() => redis.inside.replicaof('127.0.0.1', 1), () => redis.inside.replicaof('NO', 'ONE')],
  };
  const states = { pause: 'paused', kill: 'killed', full: 'refusing', 'read-only': 'refusing' } as const;
  let now: RedisFault | null = null;

  return {
    async begin(fault) {
      now = fault;
      estate.redisTroubled(states[fault]);
      await faults[fault][0]();
    },
    async mend() {
      const fault = now;
      if (fault === null) return;
      now = null;
      await faults[fault][1]();
      estate.redisTroubled(null);
    },
  };
}
