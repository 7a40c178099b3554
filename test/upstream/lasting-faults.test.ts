import { afterEach, describe, expect, it } from '@jest/globals';
import type { FaultName } from '../../simulator/fault-names.js';
import type { AttemptOutcome } from '../../src/upstream/failure.js';
import { ask, KEY, traceFrom } from './support/ask.js';
import { createBench, KEYS } from './support/contact-centre.js';

const bench = createBench();
afterEach(bench.close);

/** What a question meets in each fault that lasts, after how many requests, and how each of them is counted. */
const FAILURES: readonly (readonly [FaultName, number, AttemptOutcome, object])[] = [
  ['hang-before-headers', 3, 'timeout', { name: 'UpstreamTimeoutError', code: 'UPSTREAM_TIMEOUT' }],
  ['hang-mid-body', 3, 'timeout', { name: 'UpstreamTimeoutError', code: 'UPSTREAM_TIMEOUT' }],
  ['reset', 4, 'reset', { name: 'UpstreamUnavailableError', status: undefined }],
  ['http-401', 1, 'signature_refused', { name: 'UpstreamAuthError', refusal: 'signature_refused', status: 401 }],
  ['http-403-json', 1, 'address_locked', { name: 'UpstreamAuthError', refusal: 'address_locked', status: 403 }],
  ['http-403-html', 1, 'firewall', { name: 'UpstreamAuthError', refusal: 'firewall', status: 403 }],
  ['http-418', 1, 'firewall', { name: 'UpstreamAuthError', refusal: 'firewall', status: 418 }],
  ['http-429', 3, 'http_429', { name: 'UpstreamUnavailableError', status: 429 }],
  ['http-500', 1, 'http_5xx', { name: 'UpstreamUnavailableError', status: 500 }],
  ['http-502', 3, 'http_5xx', { name: 'UpstreamUnavailableError', status: 502 }],
  ['http-503', 3, 'http_5xx', { name: 'UpstreamUnavailableError', status: 503 }],
  ['http-504-html', 3, 'http_5xx', { name: 'UpstreamUnavailableError', status: 504 }],
  ['redirect', 1, 'http_other', { name: 'UpstreamMalformedError', status: 302 }],
  ['result-0100001', 2, 'rejected', { name: 'UpstreamRejectedError', resultCode: '0100001', retryable: true }],
  ['result-0100002', 1, 'rejected', { name: 'UpstreamRejectedError', resultCode: '0100002', retryable: false }],
  ['result-0100999', 2, 'rejected', { name: 'UpstreamRejectedError', resultCode: '0100999', retryable: true }],
  ['result-0101001', 1, 'rejected', { name: 'UpstreamRejectedError', resultCode: '0101001' }],
  ['desc-string', 1, 'malformed', { name: 'UpstreamMalformedError' }],
  ['html-200', 1, 'malformed', { name: 'UpstreamMalformedError' }],
  ['truncated-json', 1, 'malformed', { name: 'UpstreamMalformedError' }],
  ['huge-body', 1, 'malformed', { name: 'UpstreamMalformedError' }],
  ['missing-fields', 1, 'malformed', { name: 'UpstreamMalformedError' }],
  ['other-call', 1, 'malformed', { name: 'UpstreamMalformedError' }],
  ['other-vdn', 1, 'malformed', { name: 'UpstreamMalformedError' }],
  ['empty-body', 1, 'malformed', { name: 'UpstreamMalformedError' }],
];

/** Numbers as the simulator invents them, the keys, and what every signature begins with. */
const SECRETS = new RegExp(`5550\\d|${KEYS.accessKey()}|${KEYS.secretKey()}|auth-v2`);

/** The messages of an error and of all that caused it. */
function messagesOf(error: unknown): string[] {
  const { message, cause } = error as { message?: unknown; cause?: unknown };
  return [String(message), ...(cause === undefined ? [] : messagesOf(cause))];
}

describe('a lasting fault of the contact centre', () => {
  it.each(FAILURES)('%s costs %i requests, each counted as %s', async (fault, requests, outcome, failure) => {
    const simulator = await bench.start();
    const attemptTimeoutMs = fault.startsWith('hang') ? 150 : 10_000;
    const upstream = bench.connect(simulator, { attemptTimeoutMs });
    await traceFrom(upstream);
    const before = upstream.outcomes.length;
    simulator.reset();
    simulator.configure({ fault });
    const answer = await ask(upstream);
    expect(answer).toMatchObject(failure);
    expect(simulator.total).toBe(requests);
    expect(simulator.redirectsFollowed).toBe(0);
    expect(new Set(upstream.outcomes.slice(before))).toEqual(new Set([outcome]));
    // Messages name the call and no inner names; neither they nor the log give anything away.
    expect((answer as Error).message).toMatch(new RegExp(`^call ${KEY.callId} in VDN 170: `));
    expect((answer as Error).message).not.toContain('querycalltracedetail');
    for (const text of [...messagesOf(answer), JSON.stringify(upstream.lines)]) expect(text).not.toMatch(SECRETS);
  });

  it.each([
    ['http-401', 'check the keys and the clock', 'REFUSED'],
    ['http-403-json', 'wait, or ask its administrator', 'LOCKED'],
  ] as const)('%s is told as what it is, with the time of the next probe', async (fault, words, state) => {
    const simulator = await bench.start();
    const upstream = bench.connect(simulator);
    await traceFrom(upstream);
    simulator.configure({ fault });
    await ask(upstream);
    expect(upstream.state.signature).toEqual({ state, nextProbeInMs: expect.any(Number) as unknown });
    expect(upstream.lines.filter(({ level }) => level === 'error')).toEqual([
      { level: 'error', nextProbeInMs: 30_000, text: expect.stringContaining(words) as unknown },
    ]);
  });
});
