import {
  TraceError,
  UpstreamAuthError,
  UpstreamMalformedError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
  type AuthRefusal,
} from '../call/errors.js';
import type { BreakerVerdict } from './breaker.js';
import { ProxyConnectionError, SigningProxyError } from './failure.js';

/**
 * What a request to the contact centre came to: the labels of the metric, each with its verdict on the address, whether
 * another attempt is worth while, and the words for the log.
 */
export const OUTCOMES = {
  ok: { verdict: 'ANSWERED', isRetried: false, words: 'answered' },
  tls: { verdict: 'FAILED', isRetried: true, words: 'TLS failed: check the certificates, the authority and the name' },
  dns: { verdict: 'FAILED', isRetried: true, words: 'its name was not resolved' },
  refused: { verdict: 'FAILED', isRetried: true, words: 'the connection was refused' },
  reset: { verdict: 'FAILED', isRetried: true, words: 'the connection was cut' },
  proxy: { verdict: 'FAILED', isRetried: true, words: 'the HTTP proxy did not connect us' },
  timeout: { verdict: 'FAILED', isRetried: true, words: 'no answer in time' },
  http_5xx: { verdict: 'FAILED', isRetried: true, words: 'it answered HTTP 5xx' },
  http_429: { verdict: 'ANSWERED', isRetried: true, words: 'it asked us to send less (HTTP 429)' },
  http_other: { verdict: 'ANSWERED', isRetried: false, words: 'it answered with an unexpected HTTP status' },
  signature_refused: { verdict: 'ANSWERED', isRetried: false, words: 'it refused our signature (HTTP 401)' },
  address_locked: { verdict: 'ANSWERED', isRetried: false, words: 'it has locked our address (HTTP 403)' },
  firewall: { verdict: 'ANSWERED', isRetried: false, words: 'a firewall before it refused the request' },
  rejected: { verdict: 'ANSWERED', isRetried: true, words: 'it answered a failing result code' },
  malformed: { verdict: 'ANSWERED', isRetried: false, words: 'its reply could not be read' },
  unsigned: { verdict: 'NOTHING', isRetried: true, words: 'the signing proxy gave no signature' },
  abandoned: { verdict: 'NOTHING', isRetried: false, words: 'the client left' },
  internal: { verdict: 'NOTHING', isRetried: false, words: 'an error of our own' },
} as const satisfies Record<string, { verdict: BreakerVerdict; isRetried: boolean; words: string }>;

/** What a request to the contact centre came to. */
export type AttemptOutcome = keyof typeof OUTCOMES;

/** Why an attempt failed. */
export interface FailureCause {
  readonly outcome: AttemptOutcome;
  /** The code of node, undici or OpenSSL, `HTTP_503`, or the interface's result code. Null if there is none. */
  readonly code: string | null;
}

const REFUSALS: Readonly<Record<AuthRefusal, AttemptOutcome>> = {
  SIGNATURE: 'signature_refused',
  ADDRESS_LOCKED: 'address_locked',
  FIREWALL: 'firewall',
};

/** Outcomes by the codes of node, undici and OpenSSL; the first that matches counts. */
const CODES: readonly (readonly [RegExp, AttemptOutcome])[] = [
  // What cannot be sent as we made it, such as a line break in a header.
  [/^(ERR_INVALID_|ERR_HTTP_INVALID_|UND_ERR_(INVALID_|NOT_SUPPORTED|REQ_CONTENT_))/, 'internal'],
  [/^(ENOTFOUND|EAI_.*)$/, 'dns'],
  [/^(ECONNREFUSED|E(HOST|NET)(UNREACH|DOWN)|EADDRNOTAVAIL|EACCES|EPERM)$/, 'refused'],
  [/^(UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT|ETIMEDOUT)$/, 'timeout'],
  // A failed handshake or an untrusted certificate. Source: node, "TLS: X509 certificate error codes"; OpenSSL.
  [
    /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO$|UND_ERR_PRX_TLS$)|CERT|CRL|^UNABLE_TO_|^(HOSTNAME_MISMATCH|INVALID_CA)$/,
    'tls',
  ],
  [/^(HPE_|UND_ERR_HEADERS_OVERFLOW)/, 'malformed'],
  // The gateway stops.
  [/^UND_ERR_(DESTROYED|CLOSED)$/, 'abandoned'],
  [/^[A-Z][A-Z0-9_]+$/, 'reset'],
];

/** The outcome and the code that an error stands for, whether of this module or thrown on the way. */
export function causeOf(error: unknown): FailureCause {
  if (error instanceof UpstreamAuthError) return { outcome: REFUSALS[error.refusal], code: statusCode(error.status) };
  if (error instanceof UpstreamRejectedError) return { outcome: 'rejected', code: error.resultCode ?? null };
  if (error instanceof UpstreamMalformedError)
    return { outcome: error.status === undefined ? 'malformed' : 'http_other', code: statusCode(error.status) };
  if (error instanceof SigningProxyError) return { outcome: 'unsigned', code: codeIn(error) };
  if (error instanceof ProxyConnectionError) return { outcome: 'proxy', code: codeIn(error) };
  if (error instanceof UpstreamUnavailableError && error.status !== undefined)
    return { outcome: error.status === 429 ? 'http_429' : 'http_5xx', code: statusCode(error.status) };
  if (error instanceof UpstreamUnavailableError && error.cause !== undefined) return causeOf(error.cause);
  const code = codeIn(error);
  if (error instanceof UpstreamTimeoutError || isTimeout(error)) return { outcome: 'timeout', code };
  const found = CODES.find(([pattern]) => code !== null && pattern.test(code));
  return { outcome: found?.[1] ?? 'internal', code };
}

/** Whether an error, or the reason of an abort, is that the time was up. */
export function isTimeout(error: unknown): boolean {
  return (error as { name?: unknown } | null | undefined)?.name === 'TimeoutError';
}

/** Whether a connection was closed by the other side. */
export function isClosedConnection(error: unknown): boolean {
  return /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(codeIn(error) ?? '');
}

function statusCode(status: number | undefined): string | null {
  return status === undefined ? null : `HTTP_${status}`;
}

/** Causes are looked at no deeper than this: one may be its own. */
const MAX_CAUSES = 8;

/** The first code in capitals of what was thrown and of what caused it, the codes of our own errors left out. */
function codeIn(thrown: unknown): string | null {
  let at = thrown;
  for (let depth = 0; depth < MAX_CAUSES && typeof at === 'object' && at !== null; depth += 1) {
    const { code, cause } = at as { code?: unknown; cause?: unknown };
    if (!(at instanceof TraceError) && typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
    at = cause;
  }
  return null;
}
