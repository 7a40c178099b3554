import { UpstreamTimeoutError } from '../../call/errors.js';
import { following, isFresh } from '../../call/freshness.js';
import { traceKeyText, type TraceKey } from '../../call/key.js';
import type { AskOptions, CallTrace, FetchTraces } from '../../call/trace.js';
import { asStale, worthOf, type StandInOptions } from '../stand-in.js';
import type { Lease, TraceStore } from './store.js';

export interface RedisTierOptions extends StandInOptions {
  readonly store: TraceStore;
  /** Longest wait for another gateway's answer; an asker's deadline may be nearer. Unit: ms. */
  readonly maxWaitMs: number;
  /** Told when a question begins to wait for another gateway's answer. */
  readonly onWait?: (() => void) | undefined;
}

/** How often a waiting gateway looks without having been told anything. Unit: ms. */
const POLL_MS = 200;
/** So long before the asker's deadline a held trace answers in place of a late one. Unit: ms. */
const MARGIN_MS = 100;

/**
 * Returns a stage that shares traces with the other gateways through Redis, and with them asks the upstream but once:
 * on a miss one of them gets the key's lease and asks, the others wait for what it writes. Keys of a batch are read in
 * one round trip, for ioredis sends the commands of one tick together. Without Redis it asks the next stage at once.
 */
export function withRedis(next: FetchTraces, options: RedisTierOptions): FetchTraces {
  const { store, freshness, maxWaitMs, now } = options;
  const renewing = new Set<string>();

  return (keys, ask = {}) => Promise.all(keys.map((key) => fetchTrace(key, ask)));

  async function fetchTrace(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    const held = await store.read(key);
    const worth = ask.refresh ? 'NOTHING' : worthOf(held, options);
    if (!held || worth === 'NOTHING') return askOnce(key, held, ask);
    if (worth === 'FRESH') return held;
    if (worth === 'RENEW_BEHIND') {
      renewBehind(key, held, ask.deadlineAt);
      return asStale(held);
    }
    return renewedOrHeld(askOnce(key, held, ask), held, ask);
  }

  /** Renews a key unless that is under way: who is answered at once is not held together with others by any stage. */
  function renewBehind(key: TraceKey, held: CallTrace, deadlineAt: number | undefined): void {
    const text = traceKeyText(key);
    if (renewing.has(text)) return;
    renewing.add(text);
    void askOnce(key, held, { deadlineAt }).finally(() => renewing.delete(text));
  }

  /** The answer of the upstream, asked by this gateway or by the one that has the lease. */
  async function askOnce(key: TraceKey, held: CallTrace | null, ask: AskOptions): Promise<CallTrace | Error> {
    const giveUpAt = now() + maxWaitMs;
    // A refresh takes whatever is newer than what was held when it was asked for.
    const answers = (trace: CallTrace): boolean =>
      ask.refresh ? trace.fetchedAt > (held?.fetchedAt ?? 0) : isFresh(trace, freshness, now());
    for (let waits = 0; ; waits += 1) {
      const reply = await store.lease(key);
      if (!reply) return askNext(key, held, ask);
      if (reply.held && answers(reply.held)) {
        reply.lease?.end('landed');
        if (ask.refresh) store.announce(key); // it may have been asked for by somebody who wanted no refresh
        return reply.held;
      }
      if (reply.lease) return askAsHolder(key, reply.held ?? held, ask, reply.lease);
      if (ask.signal?.aborted || now() >= giveUpAt || leftMs(ask) <= 0) {
        return new UpstreamTimeoutError(
          `call ${key.callId} in VDN ${key.vdn}: another gateway asks, and has no answer yet`,
        );
      }
      if (waits === 0) options.onWait?.();
      await store.change(key, POLL_MS);
    }
  }

  /** Time until a held trace has to answer, or the asker to be told; it grows while others with more time join. */
  function leftMs({ deadlineAt = Infinity }: AskOptions): number {
    return deadlineAt - MARGIN_MS - now();
  }

  async function askAsHolder(
    key: TraceKey,
    held: CallTrace | null,
    ask: AskOptions,
    lease: Lease,
  ): Promise<CallTrace | Error> {
    const result = await askNext(key, held, ask);
    lease.end(result instanceof Error ? 'failed' : ask.refresh ? 'renewed' : 'landed');
    return result;
  }

  async function askNext(key: TraceKey, held: CallTrace | null, ask: AskOptions): Promise<CallTrace | Error> {
    const [result = new Error('no answer for the key')] = await next([key], ask);
    if (result instanceof Error) return result;
    const trace = following(result, held);
    store.write(trace);
    return trace;
  }

  /** The renewed trace; the held one if that fails, or when no time is left. */
  function renewedOrHeld(
    renewed: Promise<CallTrace | Error>,
    held: CallTrace,
    ask: AskOptions,
  ): Promise<CallTrace | Error> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const wait = (): void => {
        const { deadlineAt } = ask;
        const end = (): void => (ask.deadlineAt === deadlineAt ? resolve(asStale(held)) : wait());
        if (deadlineAt !== undefined) timer = setTimeout(end, leftMs(ask));
      };
      wait();
      void renewed.then((result) => {
        clearTimeout(timer);
        resolve(result instanceof Error ? asStale(held) : result);
      });
    });
  }
}
