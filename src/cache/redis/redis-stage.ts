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
    const wait = new LeaseWait(ask.span);
    try {
      return await askUnderLease(key, ask, cachedBefore, wait);
    } finally {
      wait.end();
    }
  }

  /** Tries for the lease, and waits for its holder in between, until there is an answer or no time. */
  async function askUnderLease(
    key: TraceKey,
    ask: AskOptions,
    cachedBefore: CallTrace | null,
    wait: LeaseWait,
  ): Promise<CallTrace | Error> {
    const beganAt = clock.monotonic();
    for (;;) {
      // The mark is taken after the wait: an invalidation during the wait does not affect the request that begins now.
      const since = invalidations.mark();
      const taken = await store.lease(key, wait.polls === 0 ? ask.span : undefined);
      const isTooLong = clock.monotonic() - beganAt >= MAX_LEASES * store.leaseMs;
      const mayAsk = !taken || taken.release !== null || isTooLong;
      if (mayAsk) wait.end();
      const lease = taken ?? { release: null, cached: cachedBefore, at: 0 };
      const answer = await answerUnder({ ...lease, since, mayAsk }, key, ask);
      if (answer) return answer;
      const failure = outOfTime(ask);
      if (failure !== null) {
        wait.fail(failure);
        return nameCall(new UpstreamTimeoutError('another gateway asks for it, and has no answer yet'), key);
      }
      if (wait.polls === 0) options.onWait?.();
      wait.poll();
      await store.nextMessage(key, POLL_MS);
    }
  }

  /** Returns the cached trace if it is fresh, or else the answer of the next stage; null: another gateway asks. Releases the lease. */
  async function answerUnder(
    { release, cached, at, since, mayAsk }: Lease,
    key: TraceKey,
    ask: AskOptions,
  ): Promise<CallTrace | Error | null> {
    try {
      if (cached && !ask.refresh && isFresh(lifeOf(cached), now())) return cached;
      return mayAsk ? await askNext(key, ask, cached, since, at) : null;
    } finally {
      release?.();
    }
  }

  /** Returns why a request can wait no longer, in a word for its span; null: it can. */
  function outOfTime({ signal, deadlineAt = Infinity }: AskOptions): string | null {
    if (signal?.aborted) return (signal.reason as Error).name === 'TimeoutError' ? 'timeout' : 'abandoned';
    return deadlineAt - clock.monotonic() <= MARGIN_MS ? 'timeout' : null;
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

/** What a gateway knows when it has tried for a lease. */
interface Lease {
  /** Ends the lease; null: this gateway does not hold it. */
  readonly release: (() => void) | null;
  readonly cached: CallTrace | null;
  /** By the clock of Redis; 0: unknown. */
  readonly at: number;
  /** The mark of the invalidations before it was tried for. */
  readonly since: number;
  /** Whether this gateway asks the next stage: it holds the lease, has waited too long, or Redis is unreachable. */
  readonly mayAsk: boolean;
}

/** The wait of one request for the lease of another gateway, with its span if the request is traced. */
class LeaseWait {
  /** How often it has waited. */
  polls = 0;
  readonly #parent: Span | undefined;
  #span: Span | undefined;

  constructor(parent: Span | undefined) {
    this.#parent = parent;
  }

  poll(): void {
    if (this.polls === 0) this.#span = this.#parent?.child('wait for lease');
    this.polls += 1;
    this.#span?.set({ 'calltrace.lease.polls': this.polls });
  }

  fail(type: string): void {
    this.#span?.fail(type);
  }

  /** Further calls have no effect. */
  end(): void {
    this.#span?.end();
  }
}
