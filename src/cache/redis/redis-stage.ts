import type { Clock } from '../../call/clock.js';
import { UpstreamTimeoutError } from '../../call/errors.js';
import { askOne, eachKey, type AskOptions, type FetchTraces } from '../../call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../../call/key.js';
import { following, isFresh, rankOf, supersedes, type Dated, type Life } from '../../call/life.js';
import type { CallTrace } from '../../call/trace.js';
import type { Invalidations } from '../invalidations.js';
import { asStale, useOf } from '../stale.js';
import type { Lease, TraceStore } from './trace-store.js';

/** What `withRedis` works with. */
export interface RedisStageOptions {
  readonly store: TraceStore;
  /** How long a trace holds. */
  readonly lifeOf: (trace: Dated) => Life;
  /** True: a trace that may still change and has gone stale answers at once, and is renewed behind the answer. */
  readonly staleWhileRevalidate: boolean;
  /** Longest wait for another gateway's answer; a question's deadline may be nearer. Unit: ms. */
  readonly maxWaitMs: number;
  /** The clock that dates traces. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  readonly clock: Clock;
  readonly invalidations: Pick<Invalidations, 'mark' | 'holdsSince' | 'wasInvalidated'>;
  /** Told when a question begins to wait for another gateway's answer. */
  readonly onWait?: (() => void) | undefined;
}

/** A question for one key, from when this stage has it. */
interface Question {
  readonly key: TraceKey;
  readonly keyText: string;
  readonly ask: AskOptions;
  /** What had been invalidated by then: what is invalidated later is not kept. */
  readonly since: number;
  /** When it began to be asked for, by the clock of Redis; 0 if that is not known. Unit: ms since 1970-01-01 UTC. */
  readonly begunAt: number;
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
  const { store, lifeOf, staleWhileRevalidate, maxWaitMs, now, clock, invalidations } = options;
  return eachKey(fetchTrace);

  async function fetchTrace(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    const question = { key, keyText: traceKeyText(key), ask, since: invalidations.mark(), begunAt: 0 };
    const held = await store.read(key);
    if (!held || ask.refresh) return askOnce(question, held);
    const use = useOf({ trace: held, life: lifeOf(held) }, now(), staleWhileRevalidate);
    if (use === 'FRESH') return held;
    if (use === 'NONE') return askOnce(question, held);
    return answerOrHeld(askOnce(question, held, use === 'STALE_WHILE_REVALIDATE'), question, held);
  }

  /**
   * The answer of the upstream, asked by this gateway or by the one that has the lease. `answersStale`: what is held
   * answers at once, behind which this gateway asks if it gets the lease; where none is to be had, it asks first.
   */
  async function askOnce(question: Question, held: CallTrace | null, answersStale = false): Promise<CallTrace | Error> {
    const { key, ask } = question;
    const beganAt = clock.monotonic();
    for (let waits = 0; ; waits += 1) {
      // What another gateway's refresh invalidates while this one waits is older than what this one is about to ask.
      const since = invalidations.mark();
      const reply = await store.lease(key);
      if (!reply) return askNext(question, held);
      const turn = { ...question, since, begunAt: reply.at };
      if (reply.read && !ask.refresh && isFresh(lifeOf(reply.read), now())) {
        reply.lease?.end();
        return reply.read;
      }
      const latest = reply.read; // what was held may have been forgotten meanwhile
      if (latest && answersStale) {
        const behind = { ...turn, ask: { deadlineAt: ask.deadlineAt } };
        if (reply.lease) askAsHolder(behind, latest, reply.lease).catch(() => undefined); // nobody waits for it
        return asStale(latest);
      }
      if (reply.lease) return askAsHolder(turn, latest, reply.lease);
      const waitedMs = clock.monotonic() - beganAt;
      if (ask.signal?.aborted || waitedMs >= maxWaitMs || msLeft(ask, clock) <= 0)
        return new UpstreamTimeoutError(
          `call ${key.callId} in VDN ${key.vdn}: another gateway asks, and has no answer yet`,
        );
      if (waitedMs >= MAX_LEASES * store.leaseMs) return askNext(turn, latest);
      if (waits === 0) options.onWait?.();
      await store.nextMessage(key, POLL_MS);
    }
  }

  async function askAsHolder(question: Question, held: CallTrace | null, lease: Lease): Promise<CallTrace | Error> {
    try {
      return await askNext(question, held);
    } finally {
      lease.end();
    }
  }

  /** The answer of the next stage, once it is written; where a trace counts for more, that. */
  async function askNext(question: Question, held: CallTrace | null): Promise<CallTrace | Error> {
    const { key, keyText, ask, since } = question;
    const result = await askOne(next, key, ask);
    if (result instanceof Error || result.stale) return result;
    const answer = following(result, held);
    // Where messages may just have been missed, the tombstone in Redis judges.
    if (invalidations.wasInvalidated(keyText, since)) return answer;
    const isBetter =
      !held ||
      !invalidations.holdsSince(keyText, since) ||
      supersedes(rankOf(answer, lifeOf(answer)), rankOf(held, lifeOf(held)), now());
    const better = isBetter ? await store.write(answer, question.begunAt) : held;
    if (ask.refresh) await store.announceRefresh(key);
    if (!better) return answer;
    // A settled call that is not found any more: what is known of it stays, but is no longer what the upstream says.
    return answer.records.length === 0 && better.askedAt < answer.askedAt ? asStale(better) : better;
  }

  /** The answer; the held trace if that is a failure, or when no time is left, unless it was invalidated meanwhile. */
  async function answerOrHeld(
    answer: Promise<CallTrace | Error>,
    { ask, keyText, since }: Question,
    held: CallTrace,
  ): Promise<CallTrace | Error> {
    const fallback = (): CallTrace | null => (invalidations.holdsSince(keyText, since) ? asStale(held) : null);
    const deadline = beforeDeadline(ask, clock);
    const result = await Promise.race([answer, deadline.reached]).finally(deadline.cancel);
    return result === null || result instanceof Error ? (fallback() ?? answer) : result;
  }
}

/** Time that is left until shortly before a question's deadline; Infinity if it has none. Unit: ms. */
function msLeft({ deadlineAt = Infinity }: AskOptions, clock: Clock): number {
  return deadlineAt - MARGIN_MS - clock.monotonic();
}

/** `reached` resolves shortly before a question's deadline, wherever that has moved by then; never if it has none. */
function beforeDeadline(ask: AskOptions, clock: Clock): { reached: Promise<null>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const reached = new Promise<null>((resolve) => {
    const arm = (): void => {
      const { deadlineAt } = ask;
      if (deadlineAt === undefined) return;
      const end = (): void => (ask.deadlineAt === deadlineAt ? resolve(null) : arm());
      timer = setTimeout(end, Math.max(0, msLeft(ask, clock)));
    };
    arm();
  });
  return { reached, cancel: () => clearTimeout(timer) };
}
