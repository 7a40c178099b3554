import { nameCall, UpstreamTimeoutError } from '../../call/errors.js';
import { askOne, eachKey, type AskOptions, type FetchTraces } from '../../call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../../call/key.js';
import { asStale, betterOf, isFresh, isUsable } from '../../call/life.js';
import type { CallTrace } from '../../call/trace.js';
import { beforeDeadline } from '../before-deadline.js';
import type { StageDependencies } from '../dependencies.js';
import type { TraceStore } from './trace-store.js';

/** What `withRedis` works with. */
export interface RedisStageOptions extends StageDependencies {
  readonly store: TraceStore;
  /** Told when a question begins to wait for another gateway's answer. */
  readonly onWait?: (() => void) | undefined;
}

/** How often a waiting gateway looks without having been told anything. Unit: ms. */
const POLL_MS = 200;
/** So long before the deadline a held trace answers in place of a late one. Unit: ms. */
const MARGIN_MS = 100;
/** Who has waited for so many leases asks without one: the holder takes too long. */
const MAX_LEASES = 2;

/**
 * Returns a stage that shares traces with the other gateways through Redis, and with them asks the upstream but once: on
 * a miss one of them gets the key's lease and asks, the others wait for what it writes. A refresh waits, too, but takes
 * nothing that others have asked for. Without Redis it asks the next stage at once.
 */
export function withRedis(next: FetchTraces, options: RedisStageOptions): FetchTraces {
  const { store, lifeOf, now, clock, invalidations } = options;
  return eachKey(fetchTrace);

  async function fetchTrace(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    const since = invalidations.mark();
    const held = await store.read(key);
    if (!held || ask.refresh) return askOnce(key, ask, held);
    const life = lifeOf(held);
    if (isFresh(life, now())) return held;
    const answer = askOnce(key, ask, held);
    if (!isUsable(life, now())) return answer;
    const result = await beforeDeadline(answer, ask, clock, MARGIN_MS);
    if (result !== null && !(result instanceof Error)) return result;
    return invalidations.holdsSince(traceKeyText(key), since) ? asStale(held) : answer;
  }

  /** The answer of the upstream, asked by this gateway or by the one that has the lease. */
  async function askOnce(key: TraceKey, ask: AskOptions, heldBefore: CallTrace | null): Promise<CallTrace | Error> {
    const beganAt = clock.monotonic();
    for (let waits = 0; ; waits += 1) {
      // What another gateway's refresh invalidates while this one waits is older than what this one is about to ask.
      const since = invalidations.mark();
      const turn = await store.lease(key);
      const { release, held, at } = turn ?? { release: null, held: heldBefore, at: 0 };
      try {
        if (held && !ask.refresh && isFresh(lifeOf(held), now())) return held;
        const isTooLong = clock.monotonic() - beganAt >= MAX_LEASES * store.leaseMs;
        if (!turn || release || isTooLong) return await askNext(key, ask, held, since, at);
      } finally {
        release?.();
      }
      if (ask.signal?.aborted || (ask.deadlineAt ?? Infinity) - clock.monotonic() <= MARGIN_MS)
        return nameCall(new UpstreamTimeoutError('another gateway asks for it, and has no answer yet'), key);
      if (waits === 0) options.onWait?.();
      await store.nextMessage(key, POLL_MS);
    }
  }

  /**
   * The answer of the next stage, once it is written; where what is held counts for more, that. `since`: the mark of the
   * invalidations before it was asked; `begunAt`: as in `store.write`.
   */
  async function askNext(key: TraceKey, ask: AskOptions, held: CallTrace | null, since: number, begunAt: number) {
    const answer = await askOne(next, key, ask);
    if (answer instanceof Error) return answer;
    const holds = invalidations.holdsSince(traceKeyText(key), since);
    const better = betterOf(answer, holds ? held : null, lifeOf, now());
    // What may not be written, or lies in Redis already, is still held against what lies there by now.
    const lies = holds && better.source !== 'SHARED_CACHE' ? await store.write(better, begunAt) : await store.read(key);
    if (ask.refresh) await store.announceRefresh(key);
    return betterOf(better, lies, lifeOf, now());
  }
}
