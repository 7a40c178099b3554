import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { BrokenCircuitError } from 'cockatiel';
import {
  InvalidCallKeyError,
  UpstreamAuthError,
  UpstreamMalformedError,
  UpstreamOverloadedError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
  type TraceError,
} from '../../src/call/errors.js';
import {
  pauseBeforeRetry,
  resultFailure,
  retriesWorth,
  statusFailure,
  thrownFailure,
} from '../../src/upstream/failure.js';

const SUBJECT = 'querycalltracedetail for call 1749974400-2 in VDN 170';
const NOW = Date.parse('2025-06-15T12:00:00Z');

function failureOf(status: number, headers: Record<string, string> = {}): TraceError | null {
  return statusFailure({ status, header: (name) => new Headers(headers).get(name), text: '' }, SUBJECT, NOW);
}

describe('statusFailure', () => {
  it('finds none in 200', () => {
    expect(failureOf(200)).toBeNull();
  });

  const HTML = { 'content-type': 'text/html' };
  const JSON_TYPE = { 'content-type': 'application/json;charset=UTF-8' };
  it.each<[number, Record<string, string>, object]>([
    [401, JSON_TYPE, { name: 'UpstreamAuthError', code: 'UPSTREAM_AUTH_FAILED', refusal: 'SIGNATURE' }],
    [401, HTML, { name: 'UpstreamAuthError', refusal: 'SIGNATURE' }],
    [403, JSON_TYPE, { name: 'UpstreamAuthError', refusal: 'ADDRESS_LOCKED', retryable: false }],
    [403, HTML, { name: 'UpstreamAuthError', refusal: 'FIREWALL', retryable: false }],
    [403, {}, { name: 'UpstreamAuthError', refusal: 'FIREWALL' }],
    [418, HTML, { name: 'UpstreamAuthError', refusal: 'FIREWALL' }],
    [429, {}, { name: 'UpstreamUnavailableError', code: 'UPSTREAM_UNAVAILABLE', retryable: true }],
    [500, {}, { name: 'UpstreamUnavailableError', retryable: true }],
    [502, HTML, { name: 'UpstreamUnavailableError', retryable: true }],
    [503, HTML, { name: 'UpstreamUnavailableError', retryable: true }],
    [504, HTML, { name: 'UpstreamUnavailableError', retryable: true }],
    [204, {}, { name: 'UpstreamMalformedError', code: 'UPSTREAM_MALFORMED', retryable: false }],
    [302, HTML, { name: 'UpstreamMalformedError' }],
    [400, JSON_TYPE, { name: 'UpstreamMalformedError' }],
    [404, HTML, { name: 'UpstreamMalformedError' }],
  ])('reads HTTP %i with the headers %j', (status, headers, expected) => {
    const failure = failureOf(status, headers);
    expect(failure).toMatchObject({ ...expected, status });
    expect(failure?.message).toMatch(new RegExp(`^${SUBJECT}: .*HTTP ${status}`));
  });

  it.each<[string, number | undefined]>([
    ['0', 0],
    ['7', 7000],
    [' 7 ', 7000],
    ['Sun, 15 Jun 2025 12:00:09 GMT', 9000],
    ['Sun, 15 Jun 2025 11:59:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ])('reads the header Retry-After %j as %p ms', (header, retryAfterMs) => {
    expect(failureOf(429, { 'retry-after': header })?.retryAfterMs).toBe(retryAfterMs);
    expect(failureOf(503, { 'retry-after': header })?.retryAfterMs).toBe(retryAfterMs);
  });

  it('knows no time to wait without that header', () => {
    expect(failureOf(429)?.retryAfterMs).toBeUndefined();
  });
});

describe('resultFailure', () => {
  it.each([
    ['0100001', true],
    ['0100999', true],
    ['0100002', false],
    ['0100003', false],
    ['0101001', false],
    ['0101002', false],
    ['0101003', false],
    ['0300012', false],
  ])('keeps the result code %s; retryable: %p', (resultCode, retryable) => {
    const failure = resultFailure(resultCode, SUBJECT);
    expect(failure).toBeInstanceOf(UpstreamRejectedError);
    expect(failure).toMatchObject({ code: 'UPSTREAM_REJECTED', resultCode, retryable });
    expect(failure.message).toBe(`${SUBJECT}: the contact centre answered result code ${resultCode}`);
  });

  it('calls a reply without one malformed', () => {
    const failure = resultFailure(null, SUBJECT);
    expect(failure).toBeInstanceOf(UpstreamMalformedError);
    expect(failure.message).toBe(`${SUBJECT}: resultCode is missing`);
  });
});

describe('thrownFailure', () => {
  const coded = (code: string) => Object.assign(new Error(code), { code });

  it.each<[string, unknown]>([
    ['the end of an attempt’s time', new DOMException('time is up', 'TimeoutError')],
    ['headers that do not come', coded('UND_ERR_HEADERS_TIMEOUT')],
    ['a body that stalls', coded('UND_ERR_BODY_TIMEOUT')],
    ['a connection that is not made in time', coded('UND_ERR_CONNECT_TIMEOUT')],
  ])('makes a timeout of %s', (_, error) => {
    expect(thrownFailure(error, SUBJECT)).toMatchObject({
      name: 'UpstreamTimeoutError',
      code: 'UPSTREAM_TIMEOUT',
      message: `${SUBJECT}: no answer in time`,
      cause: error,
    });
  });

  it.each<[string, unknown]>([
    ['a refused connection', coded('ECONNREFUSED')],
    ['a cut connection', coded('UND_ERR_SOCKET')],
    ['an untrusted certificate', coded('SELF_SIGNED_CERT_IN_CHAIN')],
    ['an abort', new DOMException('gone', 'AbortError')],
    ['an abort for a text', 'gone'],
    ['an abort for null', null],
    ['an abort for nothing', undefined],
  ])('makes %s an unavailable upstream', (_, error) => {
    expect(thrownFailure(error, SUBJECT)).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: `${SUBJECT}: the contact centre could not be reached`,
      cause: error,
    });
  });

  it.each([
    'ERR_INVALID_ARG_TYPE',
    'ERR_INVALID_CHAR',
    'ERR_HTTP_INVALID_HEADER_VALUE',
    'UND_ERR_INVALID_ARG',
    'UND_ERR_INVALID_RETURN_VALUE',
    'UND_ERR_NOT_SUPPORTED',
    'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  ])('leaves a request that cannot be sent as we made it as it is (%s)', (code) => {
    const error = coded(code);
    expect(thrownFailure(error, SUBJECT)).toBe(error);
    expect(retriesWorth(error)).toBe(0);
  });

  it.each(['ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SSL_WRONG_VERSION_NUMBER', 'UND_ERR_DESTROYED'])(
    'does not take %s for one of those',
    (code) => {
      expect(thrownFailure(coded(code), SUBJECT)).toBeInstanceOf(UpstreamUnavailableError);
    },
  );

  it('puts the call before what is malformed, once', () => {
    const malformed = new UpstreamMalformedError('resultDesc[0].callIdNum is missing');
    const failure = thrownFailure(malformed, SUBJECT);
    expect(failure).toBeInstanceOf(UpstreamMalformedError);
    expect(failure.message).toBe(`${SUBJECT}: resultDesc[0].callIdNum is missing`);
    expect(thrownFailure(failure, SUBJECT)).toBe(failure);
  });

  it('leaves a failure of our own as it is', () => {
    const failure = new UpstreamRejectedError('refused', { retryable: false });
    expect(thrownFailure(failure, SUBJECT)).toBe(failure);
  });
});

describe('retriesWorth', () => {
  const rejected = (retryable: boolean) => new UpstreamRejectedError('refused', { retryable });
  it.each<[string, unknown, number]>([
    ['a broken connection', new UpstreamUnavailableError('x'), Infinity],
    ['an open breaker', new UpstreamUnavailableError('x', { cause: new BrokenCircuitError() }), 0],
    ['HTTP 429', failureOf(429), Infinity],
    ['HTTP 500', failureOf(500), 0],
    ['HTTP 501', failureOf(501), 0],
    ['HTTP 502', failureOf(502), Infinity],
    ['HTTP 503', failureOf(503), Infinity],
    ['HTTP 504', failureOf(504), Infinity],
    ['HTTP 401', failureOf(401), 0],
    ['HTTP 403', failureOf(403), 0],
    ['a timeout', new UpstreamTimeoutError('x'), Infinity],
    ['a passing result code', rejected(true), 1],
    ['a lasting result code', rejected(false), 0],
    ['a refusal', new UpstreamAuthError('SIGNATURE', 'x'), 0],
    ['a malformed reply', new UpstreamMalformedError('x'), 0],
    ['a full queue', new UpstreamOverloadedError('x'), 0],
    ['a bad argument', new InvalidCallKeyError('vdn', 'x'), 0],
    ['anything else', new Error('x'), 0],
  ])('gives %s as many as it is worth', (_, failure, retries) => {
    expect(retriesWorth(failure)).toBe(retries);
  });
});

describe('pauseBeforeRetry', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });
  /** The lot is the subject here: its ends are drawn. */
  const drawn = (lot: number) => jest.spyOn(Math, 'random').mockReturnValue(lot);
  const unavailable = (options: ConstructorParameters<typeof UpstreamUnavailableError>[1] = {}) =>
    new UpstreamUnavailableError('x', options);

  it.each([
    [1, 200],
    [2, 400],
    [3, 800],
    [4, 1600],
    [5, 2000],
    [10, 2000],
  ])('before retry %i is a random share of %i ms', (retry, longest) => {
    drawn(0);
    expect(pauseBeforeRetry(unavailable(), retry)).toBe(0);
    drawn(0.5);
    expect(pauseBeforeRetry(unavailable(), retry)).toBe(longest / 2);
    drawn(0.999_999);
    expect(pauseBeforeRetry(unavailable(), retry)).toBeCloseTo(longest, 0);
  });

  it('differs from one time to the next', () => {
    const pauses = Array.from({ length: 50 }, () => pauseBeforeRetry(unavailable(), 3));
    expect(new Set(pauses).size).toBeGreaterThan(40);
    expect(Math.max(...pauses)).toBeLessThan(800);
  });

  it.each([0, 1, 7_000, 3_600_000])('is what the contact centre asked for: %i ms', (retryAfterMs) => {
    expect(pauseBeforeRetry(unavailable({ status: 429, retryAfterMs }), 1)).toBe(retryAfterMs);
    expect(pauseBeforeRetry(unavailable({ status: 503, retryAfterMs }), 2)).toBe(retryAfterMs);
  });

  it.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])(
    'is none the first time that a connection turns out to be closed (%s)',
    (code) => {
      drawn(0.5);
      const closed = unavailable({ cause: Object.assign(new Error(code), { code }) });
      expect(pauseBeforeRetry(closed, 1)).toBe(0);
      expect(pauseBeforeRetry(closed, 2)).toBe(200);
    },
  );

  it('is drawn where nobody was reached at all', () => {
    drawn(0.5);
    const refused = unavailable({ cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) });
    expect(pauseBeforeRetry(refused, 1)).toBe(100);
  });
});
