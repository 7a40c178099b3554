import {
  TraceError,
  UpstreamAuthError,
  UpstreamMalformedError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
  type AuthRefusal,
} from '../call/errors.js';

/**
 * The outcomes of a request to the contact centre: the labels of the metric. Each has its verdict on the address, whether
 * it is retried, and the text for the log.
 */
export const OUTCOMES = {
  ok: { verdict: 'ANSWERED', isRetried: false, text: 'answered' },
  tls: { verdict: 'FAILED', isRetried: true, text: 'TLS failed: check the certificates, the authority and the name' },
  dns: { verdict: 'FAILED', isRetried: true, text: 'its name was not resolved' },
  refused: { verdict: 'FAILED', isRetried: true, text: 'the connection was refused' },
  reset: { verdict: 'FAILED', isRetried: true, text: 'the connection was cut' },
  proxy: { verdict: 'FAILED', isRetried: true, text: 'the HTTP proxy did not connect us' },
  timeout: { verdict: 'FAILED', isRetried: true, text: 'no answer in time' },
  http_5xx: { verdict: 'FAILED', isRetried: true, text: 'it answered HTTP 5xx' },
  http_429: { verdict: 'ANSWERED', isRetried: true, text: 'it asked us to send less (HTTP 429)' },
  http_other: { verdict: 'ANSWERED', isRetried: false, text: 'it answered with an unexpected HTTP status' },
  signature_refused: { verdict: 'ANSWERED', isRetried: false, text: 'it refused our signature (HTTP 401)' },
  address_locked: { verdict: 'ANSWERED', isRetried: false, text: 'it has locked our address (HTTP 403)' },
  firewall: { verdict: 'ANSWERED', isRetried: false, text: 'a firewall before it refused the request' },
  rejected: { verdict: 'ANSWERED', isRetried: true, text: 'it answered a failing result code' },
  malformed: { verdict: 'ANSWERED', isRetried: false, text: 'its reply could not be read' },
  unsigned: { verdict: 'INCONCLUSIVE', isRetried: true, text: 'the signing proxy gave no signature' },
  abandoned: { verdict: 'INCONCLUSIVE', isRetried: false, text: 'the client left' },
  internal: { verdict: 'INCONCLUSIVE', isRetried: false, text: 'an error of our own' },
} as const satisfies Record<
  string,
  { verdict: 'ANSWERED' | 'FAILED' | 'INCONCLUSIVE'; isRetried: boolean; text: string }
>;

/** The outcome of a request to the contact centre. */
export type AttemptOutcome = keyof typeof OUTCOMES;

/** Why an attempt failed. */
export interface FailureCause {
  readonly outcome: AttemptOutcome;
  /** The code of node, undici or OpenSSL, `HTTP_503`, or the interface's result code. Null if there is none. */
  readonly code: string | null;
  /** What exactly is wrong, for outcomes without a code: the field that cannot be read, without its place in a list. */
  readonly detail?: string;
}

/** The signing proxy gave no signature, so nothing was sent: the contact centre is not to blame. */
export class SigningProxyError extends UpstreamUnavailableError {}

/** The HTTP proxy before the contact centre is unreachable or refuses to connect. Its cause has the code. */
export class ProxyConnectionError extends Error {
  override readonly name = 'ProxyConnectionError';
}

/** Returns the failure that an HTTP status means; null for 200. `now`: ms since 1970-01-01 UTC, by the server's clock. */
export function statusFailure(status: number, headers: Headers, now: number): TraceError | null {
  if (status === 200) return null;
  const refusal = refusalOf(status, headers);
  if (refusal) return new UpstreamAuthError(refusal, refusalText(refusal, status), { status });
  const message = `the contact centre answered HTTP ${status}`;
  if (status !== 429 && status < 500) return new UpstreamMalformedError(message, { status });
  return new UpstreamUnavailableError(message, { status, retryAfterMs: retryAfter(headers.get('retry-after'), now) });
}

/** The text of the outcome without its status: the firewall has two. */
function refusalText(refusal: AuthRefusal, status: number): string {
  return `the contact centre answered HTTP ${status}: ${OUTCOMES[refusal].text.replace(/ \(HTTP \d+\)$/, '')}`;
}

function refusalOf(status: number, headers: Headers): AuthRefusal | null {
  if (status === 401) return 'signature_refused';
  if (status === 403 && headers.get('content-type')?.includes('json')) return 'address_locked';
  return status === 403 || status === 418 ? 'firewall' : null;
}

/** Returns the pause that `Retry-After` asks for, in seconds or as an HTTP date. Unit: ms. Undefined if absent or unreadable. */
function retryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Date.parse accepts nearly anything; an HTTP date begins with its day: `Wed, 21 Oct …`.
  const ms = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) - now : NaN;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** Result codes after which the same request may succeed. Source: pages cec_07_0696, cec_07_2631. */
const TRANSIENT_RESULT_CODES: ReadonlySet<string> = new Set(['0100001', '0100999']);

/** Returns the failure that a result code other than success means; null: the reply had none. */
export function resultFailure(resultCode: string | null): TraceError {
  if (resultCode === null) return new UpstreamMalformedError('resultCode is missing');
  const retryable = TRANSIENT_RESULT_CODES.has(resultCode);
  return new UpstreamRejectedError(`the contact centre answered result code ${resultCode}`, { resultCode, retryable });
}

/** Returns the failure that anything thrown during a request means. An error of our own is returned unchanged. */
export function thrownFailure(error: unknown): Error {
  if (error instanceof TraceError) return error;
  const { outcome } = causeOf(error);
  if (outcome === 'timeout') return new UpstreamTimeoutError(OUTCOMES.timeout.text, { cause: error });
  if (outcome === 'internal' && error instanceof Error) return error;
  return new UpstreamUnavailableError('the contact centre could not be reached', { cause: error });
}

/** Statuses of the 5xx after which the same request may succeed. */
const TRANSIENT_5XX: ReadonlySet<number | undefined> = new Set([502, 503, 504]);

/** Returns how often a failure may be retried; Infinity: no limit of its own. */
export function maxRetriesAfter(failure: Error): number {
  if (failure instanceof UpstreamRejectedError) return failure.retryable ? 1 : 0;
  const { outcome } = causeOf(failure);
  if (outcome === 'http_5xx' && !(failure instanceof TraceError && TRANSIENT_5XX.has(failure.status))) return 0;
  return OUTCOMES[outcome].isRetried ? Infinity : 0;
}

/** Outcomes by the codes of node, undici and OpenSSL; the first that matches counts. */
const CODES: readonly (readonly [RegExp, AttemptOutcome])[] = [
  // The request itself is invalid, such as a line break in a header.
  [/^(ERR_INVALID_|ERR_HTTP_INVALID_|UND_ERR_(INVALID_|NOT_SUPPORTED|REQ_CONTENT_))/, 'internal'],
  [/^(ENOTFOUND|EAI_.*)$/, 'dns'],
  [/^(ECONNREFUSED|E(HOST|NET)(UNREACH|DOWN)|EADDRNOTAVAIL|EACCES|EPERM)$/, 'refused'],
  [/^(UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT|ETIMEDOUT)$/, 'timeout'],
  // A failed handshake or an untrusted certificate. Source: node, "TLS: X509 certificate error codes"; OpenSSL.
  [/^(ERR_(TLS|SSL|OSSL)_|EPROTO$|UND_ERR_PRX_TLS$)|CERT|CRL|^UNABLE_TO_|^(HOSTNAME_MISMATCH|INVALID_CA)$/, 'tls'],
  [/^(HPE_|UND_ERR_HEADERS_OVERFLOW)/, 'malformed'],
  // The gateway is stopping.
  [/^UND_ERR_(DESTROYED|CLOSED)$/, 'abandoned'],
  [/^[A-Z][A-Z0-9_]+$/, 'reset'],
];

/** Returns the outcome and the code that an error means, whether ours or thrown during a request. */
export function causeOf(error: unknown): FailureCause {
  if (error instanceof UpstreamRejectedError) return { outcome: 'rejected', code: error.resultCode ?? null };
  if (error instanceof TraceError && error.status !== undefined)
    return { outcome: statusOutcome(error, error.status), code: `HTTP_${error.status}` };
  if (error instanceof UpstreamMalformedError)
    return { outcome: 'malformed', code: null, detail: error.message.replace(/\[\d+\]/g, '[]') };
  const code = codeIn(error);
  if (error instanceof SigningProxyError) return { outcome: 'unsigned', code };
  if (error instanceof ProxyConnectionError) return { outcome: 'proxy', code };
  if (error instanceof UpstreamTimeoutError) return { outcome: 'timeout', code, detail: error.message };
  if (isTimeout(error)) return { outcome: 'timeout', code };
  if (error instanceof UpstreamUnavailableError && error.cause !== undefined) return causeOf(error.cause);
  const found = CODES.find(([pattern]) => code !== null && pattern.test(code));
  return { outcome: found?.[1] ?? 'internal', code };
}

function statusOutcome(error: TraceError, status: number): AttemptOutcome {
  if (error instanceof UpstreamAuthError) return error.refusal;
  if (status === 429) return 'http_429';
  return status >= 500 ? 'http_5xx' : 'http_other';
}

/** Whether an error, or the reason of an abort, is a timeout. */
export function isTimeout(error: unknown): boolean {
  return (error as { name?: unknown } | null | undefined)?.name === 'TimeoutError';
}

/** Whether a connection was closed by the other side. */
export function isClosedConnection(error: unknown): boolean {
  return /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(codeIn(error) ?? '');
}

/** Depth limit of the search through causes: an error may be its own cause. */
const MAX_CAUSES = 8;

/** Returns the first code in capitals of an error and its causes, except the codes of our own errors. */
function codeIn(thrown: unknown): string | null {
  let at = thrown;
  for (let depth = 0; depth < MAX_CAUSES && typeof at === 'object' && at !== null; depth += 1) {
    const { code, cause } = at as { code?: unknown; cause?: unknown };
    if (!(at instanceof TraceError) && typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
    at = cause;
  }
  return null;
}
