import { setTimeout as realPause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { VirtualTime } from './virtual-time.js';

/** How a run waits: for what happens at once, and for what takes time. */
export interface Pace {
  /** To be told of whatever happens on a wire. */
  readonly onActivity: () => void;
  /** Fulfils when all has been done that can be done without time going on. */
  settle(): Promise<void>;
  advance(ms: number): Promise<void>;
  /** Lets time go on until the work is done. */
  through<T>(work: Promise<T>): Promise<T>;
}

export interface PaceOptions {
  readonly time: VirtualTime;
  /** Looks into Redis. */
  readonly inside: Redis;
  /** What in Redis grows older with the virtual time. */
  readonly keyPrefix: string;
  /** Whether Redis answers, and whether it takes writes. */
  readonly redisState: () => 'right' | 'refusing' | 'away';
  /** Called whenever some time has gone by. */
  readonly onSlice: () => Promise<void>;
}

/** Redis has a clock of its own, which does not stand still with ours: this lets what is kept there grow older. */
const GROW_OLDER = `for _, name in ipairs(redis.call('keys', ARGV[1] .. '*')) do
  local left = redis.call('pttl', name)
  if left > 0 then redis.call('pexpire', name, math.max(left - ARGV[2], 0)) end
end`;
/** Idle after this many polls in a row without activity. */
const QUIET_LOOKS = 4;
const MOST_LOOKS = 400;
/** Between two looks at work that takes time. Unit: ms. */
const STEP_MS = 100;
const LONGEST_WORK_MS = 100_000;

/** Returns the pace of a run. */
export function createPace({ time, inside, keyPrefix, redisState, onSlice }: PaceOptions): Pace {
  let activity = 0;
  const onActivity = (): void => void (activity += 1);
  return { onActivity, settle, advance, through };

  /** Replies of Redis come in order: after that to a ping, all that it had been asked before is done. */
  async function settle(): Promise<void> {
    let seen = -1;
    for (let look = 0, quiet = 0; quiet < QUIET_LOOKS && look < MOST_LOOKS; look += 1) {
      if (redisState() === 'away') await realPause(1);
      else await inside.ping();
      await turn();
      await turn();
      quiet = seen === activity ? quiet + 1 : 0;
      seen = activity;
    }
  }

  function advance(ms: number): Promise<void> {
    return time.advance(ms, async (sliceMs) => {
      if (redisState() === 'right') await inside.eval(GROW_OLDER, 0, keyPrefix, sliceMs);
      await settle();
      await onSlice();
    });
  }

  async function through<T>(work: Promise<T>): Promise<T> {
    const progress = { done: false };
    const finished = work.finally(() => {
      progress.done = true;
      onActivity();
    });
    finished.catch(() => undefined);
    for (let waitedMs = 0; waitedMs < LONGEST_WORK_MS; waitedMs += STEP_MS) {
      await settle();
      if (progress.done) return finished;
      await time.advance(STEP_MS, settle);
    }
    throw new Error(`what was to be waited for did not end within ${LONGEST_WORK_MS} ms`);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
