import { nameCall, UpstreamTimeoutError } from '../../call/errors.js';
import { askOne, eachKey, type AskOptions, type FetchTraces } from '../../call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../../call/key.js';
import { isFresh, isUsable } from '../../call/life.js';
import { asStale, betterOf } from '../../call/trace-rank.js';
import type { CallTrace } from '../../call/trace.js';
import type { Span } from '../../tracing/span.js';
import { beforeDeadline } from '../before-deadline.js';
import type { StageDependencies } from '../dependencies.js';
import type { TraceStore } from './trace-store.js';

/** What `withRedis` needs. */
export interface RedisStageOptions extends StageDependencies {
  readonly store: TraceStore;
  /** Called when a request begins to wait for another gateway's answer. */
  readonly onWait?: (() => void) | undefined;
}

/** How often a waiting gateway reads Redis without a message. Unit: ms. */
const POLL_MS = 200;
/** How long before the deadline a stale trace is returned instead of waiting on. Unit: ms. */
const MARGIN_MS = 100;
/** A gateway that has waited for this many leases asks the upstream without a lease. */
const MAX_LEASES = 2;

/**
 * Returns a stage that shares traces with the other gateways through Redis. On a miss one gateway gets the lease of the key
 * and asks the next stage, and the others wait for what it writes. A refresh waits for the lease too, but does not accept
 * another gateway's trace. Without Redis it asks the next stage at once.
 */
export function withRedis(next: FetchTraces, options: RedisStageOptions): FetchTraces {
  const { store, lifeOf, now, clock, invalidations } = options;
  return eachKey(fetchTrace);

  async function fetchTrace(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    const since = invalidations.mark();
    const cached = await store.read(key, ask.span);
    if (!cached || ask.refresh) return askOnce(key, ask, cached);
    const life = lifeOf(cached);
    if (isFresh(life, now())) return cached;
    const answer = askOnce(key, ask, cached);
    if (!isUsable(life, now())) return answer;
    const result = await beforeDeadline(answer, ask, clock, MARGIN_MS);
    if (result !== null && !(result instanceof Error)) return result;
    return invalidations.holdsSince(traceKeyText(key), since) ? asStale(cached) : answer;
  }

  /** Returns the answer of the next stage, asked by this gateway or by the holder of the lease. */
  async function askOnce(key: TraceKey, ask: AskOptions, cachedBefore: CallTrace | null): Promise<CallTrace | Error> {
    const beganAt = clock.monotonic();
    let wait: Span | undefined;
    try {
      for (let waits = 0; ; waits += 1) {
        // The mark is taken after the wait: an invalidation during the wait does not affect the request that begins now.
        const since = invalidations.mark();
        const lease = await store.lease(key, waits === 0 ? ask.span : undefined);
        const { release, cached, at } = lease ?? { release: null, cached: cachedBefore, at: 0 };
        try {
          if (cached && !ask.refresh && isFresh(lifeOf(cached), now())) return cached;
          const isTooLong = clock.monotonic() - beganAt >= MAX_LEASES * store.leaseMs;
          if (!lease || release || isTooLong) {
            wait?.end();
            return await askNext(key, ask, cached, since, at);
          }
        } finally {
          release?.();
        }
        if (ask.signal?.aborted || (ask.deadlineAt ?? Infinity) - clock.monotonic() <= MARGIN_MS) {
          wait?.fail('timeout');
          return nameCall(new UpstreamTimeoutError('another gateway asks for it, and has no answer yet'), key);
        }
        if (waits === 0) {
          options.onWait?.();
          wait = ask.span?.child('wait for lease');
        }
        wait?.set({ 'calltrace.lease.polls': waits + 1 });
        await store.nextMessage(key, POLL_MS);
      }
    } finally {
      wait?.end();
    }
  }

  /**
   * Returns the answer of the next stage once it is written, or the cached trace if that is newer. `since`: the mark of the
   * invalidations before the request; `beganAtRedis`: as in `store.write`.
   */
  async function askNext(
    key: TraceKey,
    ask: AskOptions,
    cached: CallTrace | null,
    since: number,
    beganAtRedis: number,
  ) {
    const answer = await askOne(next, key, ask);
    if (answer instanceof Error) return answer;
    const holds = invalidations.holdsSince(traceKeyText(key), since);
    const better = betterOf(answer, holds ? cached : null, lifeOf, now());
    // A trace that is not written is still compared with the one in Redis.
    const stored =
      holds && better.source !== 'SHARED_CACHE'
        ? await store.write(better, beganAtRedis, ask.span)
        : await store.read(key, ask.span);
    if (ask.refresh) await store.announceRefresh(key);
    return betterOf(better, stored, lifeOf, now());
  }
}
