import ky from 'ky';
import { UpstreamUnavailableError } from '../call/errors.js';
import { isPast } from '../call/freshness.js';
import type { TraceKey } from '../call/key.js';
import { canonicalLogDate, monthBounds } from '../call/month.js';
import {
  isSettled,
  orderRecords,
  type AskOptions,
  type CallDetailRecord,
  type CallTrace,
  type FetchTraces,
} from '../call/trace.js';
import type { Attempt, Question } from './exchange.js';
import { pauseBeforeRetry, resultFailure, retriesWorth, thrownFailure } from './failure.js';
import type { RetryBudget } from './retry-budget.js';
import { parseRecords, parseReply, requestBody, SUCCESS, type NumberStyle } from './wire.js';

export interface UpstreamClientOptions {
  /** Begins the exchange of one question with the contact centre. */
  readonly exchange: (question: Question) => Attempt;
  readonly budget: RetryBudget;
  /** The zone in which a call centre cuts its months: an IANA name. */
  readonly timeZoneOf: (ccId: number) => string;
  readonly numberStyle: NumberStyle;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** How long after its end a call is final. Unit: ms. */
  readonly settleMs: number;
  /** Told once, when a reply has times that count seconds in place of milliseconds. */
  readonly onSeconds: () => void;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

const PATH = '/rest/cmsapp/v1/openapi/vdn/querycalltracedetail';
/** ky wants an address; the exchange chooses the one that is up. */
const ANY_ENDPOINT = new URL(PATH, 'https://contact-centre.invalid');
/** What ky is told of a reply that has been read. */
const READ = new Response();

/**
 * Returns the contact centre as a FetchTraces: one signed POST per key. A key that fails meets one of the classes in
 * call/errors.ts, after as many attempts as its failures are worth and the budget and the deadline allow.
 */
export function createUpstreamClient(options: UpstreamClientOptions): FetchTraces {
  const { exchange, budget, timeZoneOf, numberStyle, maxRetries, settleMs, now } = options;
  let hasToldOfSeconds = false;

  return (keys, ask = {}) => Promise.all(keys.map((key) => fetchTrace(key, ask)));

  async function fetchTrace(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    const subject = `querycalltracedetail for call ${key.callId} in VDN ${key.vdn}`;
    try {
      const records = await askFor(key, subject, ask);
      const fetchedAt = now();
      const monthEndsAt = monthBounds(key.month, timeZoneOf(key.ccId)).endsAt;
      return {
        key,
        records,
        fetchedAt,
        final: isSettled(records, fetchedAt, settleMs) || isPast(records, monthEndsAt, fetchedAt, settleMs),
        emptyStreak: records.length === 0 ? 1 : 0,
        stale: false,
        source: 'UPSTREAM',
      };
    } catch (error) {
      if (ask.signal?.aborted)
        return new UpstreamUnavailableError(`${subject}: nobody waits any more`, { cause: error });
      return thrownFailure(error, subject);
    }
  }

  function tellOfSeconds(): void {
    if (!hasToldOfSeconds) options.onSeconds();
    hasToldOfSeconds = true;
  }

  async function askFor(key: TraceKey, subject: string, ask: AskOptions): Promise<CallDetailRecord[]> {
    const { signal } = ask;
    const body = requestBody(key, canonicalLogDate(key.month, timeZoneOf(key.ccId), now()), numberStyle);
    let records: CallDetailRecord[] | undefined;
    const attempt = exchange({
      path: PATH,
      body,
      subject,
      lane: `${key.ccId}/${key.vdn}`,
      signal,
      read: (text) => (records = recordsIn(text, key, subject, tellOfSeconds)),
    });
    let pauseMs = 0;
    budget.request();
    await ky(ANY_ENDPOINT, {
      method: 'POST',
      fetch: () => attempt().then(() => READ),
      retry: {
        limit: maxRetries,
        methods: ['post'],
        shouldRetry: ({ error, retryCount }) => {
          pauseMs = pauseBeforeRetry(error, retryCount);
          // Read now: the deadline moves while others join who have more time.
          const inTime = signal?.aborted !== true && now() + pauseMs < (ask.deadlineAt ?? Infinity);
          return inTime && retryCount <= retriesWorth(error) && budget.retry();
        },
        delay: () => pauseMs,
      },
      throwHttpErrors: false,
      timeout: false,
      ...(signal ? { signal } : {}),
    });
    if (records === undefined) throw new Error('ky answered without a reply');
    return records;
  }
}

/** The records of a reply's text, in order. Throws the failure that it stands for instead. */
function recordsIn(text: string, key: TraceKey, subject: string, onSeconds: () => void): CallDetailRecord[] {
  const reply = parseReply(text);
  if (reply.resultCode !== SUCCESS) throw resultFailure(reply.resultCode, subject);
  return orderRecords(parseRecords(reply, key, onSeconds));
}
