import { describe, expect, it } from '@jest/globals';
import {
  UpstreamAuthError,
  UpstreamMalformedError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
  type TraceError,
} from '../../src/call/errors.js';
import {
  causeOf,
  OUTCOMES,
  ProxyConnectionError,
  resultFailure,
  SigningProxyError,
  statusFailure,
  type AttemptOutcome,
} from '../../src/upstream/failure.js';

const NOW = Date.parse('2025-06-15T12:00:00Z');

function failureOf(status: number, headers: Record<string, string> = {}): TraceError | null {
  return statusFailure(status, new Headers(headers), NOW);
}

describe('statusFailure', () => {
  it('finds none in 200', () => {
    expect(failureOf(200)).toBeNull();
  });

  const HTML = { 'content-type': 'text/html' };
  const JSON_TYPE = { 'content-type': 'application/json;charset=UTF-8' };
  it.each<[number, Record<string, string>, object, AttemptOutcome]>([
    [401, JSON_TYPE, { code: 'UPSTREAM_AUTH_FAILED', refusal: 'signature_refused' }, 'signature_refused'],
    [401, HTML, { name: 'UpstreamAuthError', refusal: 'signature_refused' }, 'signature_refused'],
    [403, JSON_TYPE, { refusal: 'address_locked', retryable: false }, 'address_locked'],
    [403, HTML, { refusal: 'firewall', retryable: false }, 'firewall'],
    [403, {}, { name: 'UpstreamAuthError', refusal: 'firewall' }, 'firewall'],
    [418, HTML, { name: 'UpstreamAuthError', refusal: 'firewall' }, 'firewall'],
    [429, {}, { code: 'UPSTREAM_UNAVAILABLE', retryable: true }, 'http_429'],
    [500, {}, { name: 'UpstreamUnavailableError', retryable: true }, 'http_5xx'],
    [503, HTML, { name: 'UpstreamUnavailableError', retryable: true }, 'http_5xx'],
    [204, {}, { code: 'UPSTREAM_MALFORMED', retryable: false }, 'http_other'],
    [302, HTML, { name: 'UpstreamMalformedError' }, 'http_other'],
    [404, HTML, { name: 'UpstreamMalformedError' }, 'http_other'],
  ])('reads HTTP %i with the headers %j', (status, headers, expected, outcome) => {
    const failure = failureOf(status, headers);
    expect(failure).toMatchObject({ ...expected, status });
    expect(failure?.message).toContain(`HTTP ${status}`);
    expect(causeOf(failure)).toEqual({ outcome, code: `HTTP_${status}` });
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
    const failure = resultFailure(resultCode);
    expect(failure).toBeInstanceOf(UpstreamRejectedError);
    expect(failure).toMatchObject({ code: 'UPSTREAM_REJECTED', resultCode, retryable });
    expect(causeOf(failure)).toEqual({ outcome: 'rejected', code: resultCode });
  });

  it('calls a reply without one malformed', () => {
    expect(resultFailure(null)).toBeInstanceOf(UpstreamMalformedError);
    expect(causeOf(resultFailure(null))).toEqual({ outcome: 'malformed', code: null, detail: 'resultCode is missing' });
  });
});

describe('causeOf', () => {
  const coded = (code: string, cause?: unknown) => Object.assign(new Error(code, { cause }), { code });

  it.each<[string, AttemptOutcome]>([
    ['CERT_HAS_EXPIRED', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['EPROTO', 'tls'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'refused'],
    ['ENETUNREACH', 'refused'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['UND_ERR_SOCKET', 'reset'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['ETIMEDOUT', 'timeout'],
    ['HPE_INVALID_CONSTANT', 'malformed'],
    ['UND_ERR_DESTROYED', 'abandoned'],
    ['ERR_INVALID_CHAR', 'internal'],
    ['ERR_HTTP_INVALID_HEADER_VALUE', 'internal'],
    ['UND_ERR_INVALID_ARG', 'internal'],
    ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'internal'],
  ])('knows %s for %s, however deep it lies', (code, outcome) => {
    expect(causeOf(coded(code))).toEqual({ outcome, code });
    expect(causeOf(new Error('x', { cause: coded(code) }))).toEqual({ outcome, code });
    const unavailable = new UpstreamUnavailableError('x', { cause: coded(code) });
    expect(causeOf(unavailable)).toEqual({ outcome, code });
  });

  it.each<[string, unknown, AttemptOutcome, string | null]>([
    ['the end of an attempt’s time', new DOMException('time is up', 'TimeoutError'), 'timeout', null],
    [
      'a timeout of ours',
      new UpstreamTimeoutError('x', { cause: coded('UND_ERR_BODY_TIMEOUT') }),
      'timeout',
      'UND_ERR_BODY_TIMEOUT',
    ],
    ['a proxy that is away', new ProxyConnectionError('x', { cause: coded('ECONNREFUSED') }), 'proxy', 'ECONNREFUSED'],
    ['no signature', new SigningProxyError('x', { cause: coded('ECONNREFUSED') }), 'unsigned', 'ECONNREFUSED'],
    ['an unreadable reply', new UpstreamMalformedError('x'), 'malformed', null],
    ['a firewall', new UpstreamAuthError('firewall', 'x', { status: 418 }), 'firewall', 'HTTP_418'],
    ['a bug of ours', new TypeError('x'), 'internal', null],
    ['a text', 'gone', 'internal', null],
    ['nothing', undefined, 'internal', null],
  ])('knows %s', (_, thrown, outcome, code) => {
    expect(causeOf(thrown)).toMatchObject({ outcome, code });
  });

  it('tells what is wrong where there is no code, without the place in a list', () => {
    const failure = new UpstreamMalformedError('resultDesc[17].vdn is missing');
    expect(causeOf(failure)).toEqual({ outcome: 'malformed', code: null, detail: 'resultDesc[].vdn is missing' });
    expect(causeOf(new UpstreamTimeoutError('the reply did not end in time'))).toEqual({
      outcome: 'timeout',
      code: null,
      detail: 'the reply did not end in time',
    });
  });

  it('comes to an end though a cause is its own', () => {
    const loop = new Error('x');
    loop.cause = loop;
    expect(causeOf(loop)).toEqual({ outcome: 'internal', code: null });
  });
});

describe('OUTCOMES', () => {
  it('are a closed set of labels', () => {
    expect(Object.keys(OUTCOMES)).toEqual([
      'ok',
      'tls',
      'dns',
      'refused',
      'reset',
      'proxy',
      'timeout',
      'http_5xx',
      'http_429',
      'http_other',
      'signature_refused',
      'address_locked',
      'firewall',
      'rejected',
      'malformed',
      'unsigned',
      'abandoned',
      'internal',
    ]);
  });
});
