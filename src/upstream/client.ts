import ky from 'ky';
import pLimit from 'p-limit';
import { UpstreamOverloadedError } from '../call/errors.js';
import type { TraceKey } from '../call/key.js';
import { canonicalLogDate } from '../call/month.js';
import { isSettled, orderRecords, type AskOptions, type CallTrace, type FetchTraces } from '../call/trace.js';
import { resultFailure, retriesWorth, statusFailure, thrownFailure } from './failure.js';
import type { SignRequest } from './signature.js';
import type { Transport } from './transport.js';
import { withTimeLimit } from './time-limit.js';
import { parseRecords, parseReply, requestBody, SUCCESS, type NumberStyle, type Reply } from './wire.js';

export interface UpstreamOptions {
  /** `https://ip:port` of the contact centre. */
  readonly baseUrl: string;
  readonly sign: SignRequest;
  /** The zone in which a call centre cuts its months: an IANA name. */
  readonly timeZoneOf: (ccId: number) => string;
  readonly numberStyle: NumberStyle;
  /** Most requests at once. */
  readonly maxConcurrency: number;
  /** Most requests waiting behind those; one more fails at once. */
  readonly maxQueue: number;
  /** One attempt, from the first byte out to the last byte in. Unit: ms. */
  readonly attemptTimeoutMs: number;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** How long after its end a call is final. Unit: ms. */
  readonly settleMs: number;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

const PATH = '/rest/cmsapp/v1/openapi/vdn/querycalltracedetail';
/** Source: "Request Description", Table 1, row 1. */
const CONTENT_TYPE = 'application/json; charset=UTF-8';
/** Back-off before retry n: a random share of 200 ms · 2ⁿ⁻¹, at most 2 s. Unit: ms. */
const BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 2_000;

/**
 * Returns the contact centre as a FetchTraces: one signed POST per key, so many at once.
 * A key that fails meets one of the classes in call/errors.ts.
 */
export function createUpstreamClient(options: UpstreamOptions, transport: Transport): FetchTraces {
  const { timeZoneOf, maxQueue, settleMs, now } = options;
  const url = new URL(PATH, options.baseUrl);
  const limit = pLimit(options.maxConcurrency);

  return (keys, ask = {}) => Promise.all(keys.map((key) => fetchTrace(key, ask)));

  async function fetchTrace(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    const subject = `querycalltracedetail for call ${key.callId} in VDN ${key.vdn}`;
    if (limit.activeCount >= limit.concurrency && limit.pendingCount >= maxQueue)
      return new UpstreamOverloadedError(`${subject}: ${maxQueue} requests are waiting already`);
    try {
      return await limit(async () => {
        const records = orderRecords(parseRecords(await askFor(key, subject, ask), key));
        const fetchedAt = now();
        return {
          key,
          records,
          fetchedAt,
          final: isSettled(records, fetchedAt, settleMs),
          emptyStreak: records.length === 0 ? 1 : 0,
          stale: false,
          source: 'UPSTREAM',
        };
      });
    } catch (error) {
      return thrownFailure(error, subject);
    }
  }

  /** The successful reply, after as many attempts as its failures are worth and the deadline allows. */
  async function askFor(key: TraceKey, subject: string, { signal, deadlineAt = Infinity }: AskOptions): Promise<Reply> {
    const body = requestBody(key, canonicalLogDate(key.month, timeZoneOf(key.ccId), now()), options.numberStyle);
    let reply: Reply | undefined;
    let waitMs = 0;
    await ky(url, {
      method: 'POST',
      fetch: () => send(body, signal),
      hooks: {
        afterResponse: [
          async (_request, _options, response) => {
            reply = await judge(response, subject);
          },
        ],
      },
      retry: {
        limit: options.maxRetries,
        methods: ['post'],
        shouldRetry: ({ error, retryCount }) => {
          const failure = thrownFailure(error, subject);
          waitMs = failure.retryAfterMs ?? Math.random() * Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** (retryCount - 1));
          return signal?.aborted !== true && retryCount <= retriesWorth(failure) && now() + waitMs < deadlineAt;
        },
        delay: () => waitMs,
      },
      throwHttpErrors: false,
      timeout: false,
      ...(signal ? { signal } : {}),
    });
    if (reply === undefined) throw new Error('ky answered without a reply');
    return reply;
  }

  /** One attempt: signed now, so that a retry carries a fresh time; the text signed is the text sent. */
  function send(body: string, signal: AbortSignal | undefined): Promise<Response> {
    const headers = { host: url.host, 'content-type': CONTENT_TYPE, 'content-length': String(Buffer.byteLength(body)) };
    const authorization = options.sign({ method: 'POST', url, headers, body });
    return withTimeLimit(options.attemptTimeoutMs, signal, (attemptSignal) =>
      transport.post({ url, headers: { ...headers, authorization }, body, signal: attemptSignal }),
    );
  }

  /** The reply that a response carries. Throws the failure that it stands for instead. */
  async function judge(response: Response, subject: string): Promise<Reply> {
    const refusal = statusFailure(response, subject, now());
    if (refusal) throw refusal;
    const reply = parseReply(await response.text());
    if (reply.resultCode !== SUCCESS) throw resultFailure(reply.resultCode, subject);
    return reply;
  }
}
