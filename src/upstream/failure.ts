import {
  TraceError,
  UpstreamAuthError,
  UpstreamMalformedError,
  UpstreamRejectedError,
  UpstreamUnavailableError,
  type AuthRefusal,
} from '../call/errors.js';

/** The signing proxy gave no signature, so nothing was sent: this says nothing against the contact centre. */
export class SigningProxyError extends UpstreamUnavailableError {}

/** The HTTP proxy before the contact centre is away or refuses to connect us. Its cause has the code. */
export class ProxyConnectionError extends Error {
  override readonly name = 'ProxyConnectionError';
}

/** Who refused a request, judged by status and headers alone; null if nobody did. */
export function refusalOf(status: number, headers: Headers): AuthRefusal | null {
  if (status === 401) return 'SIGNATURE';
  if (status === 403 && isJson(headers)) return 'ADDRESS_LOCKED';
  return status === 403 || status === 418 ? 'FIREWALL' : null;
}

const REFUSAL_WORDS: Readonly<Record<AuthRefusal, string>> = {
  SIGNATURE: 'the contact centre refused our signature',
  ADDRESS_LOCKED: 'the contact centre has locked our address',
  FIREWALL: 'a firewall before the contact centre refused us',
};

/** The failure that an HTTP status stands for, or null for 200. `now`: ms since 1970-01-01 UTC, by the server's clock. */
export function statusFailure(status: number, headers: Headers, now: number): TraceError | null {
  if (status === 200) return null;
  const refusal = refusalOf(status, headers);
  if (refusal !== null) return new UpstreamAuthError(refusal, `${REFUSAL_WORDS[refusal]} (HTTP ${status})`, { status });
  const message = `the contact centre answered HTTP ${status}`;
  if (status !== 429 && status < 500) return new UpstreamMalformedError(message, { status });
  return new UpstreamUnavailableError(message, { status, retryAfterMs: retryAfter(headers.get('retry-after'), now) });
}

/** Result codes after which the same request may succeed. Source: pages cec_07_0696, cec_07_2631. */
const PASSING_RESULT_CODES = new Set(['0100001', '0100999']);

/** The failure that a result code other than success stands for; null: the reply had none. */
export function resultFailure(resultCode: string | null): TraceError {
  if (resultCode === null) return new UpstreamMalformedError('resultCode is missing');
  const retryable = PASSING_RESULT_CODES.has(resultCode);
  return new UpstreamRejectedError(`the contact centre answered result code ${resultCode}`, { resultCode, retryable });
}

/** The same failure, telling of which call. An error that is none of the upstream's comes back as it is. */
export function withSubject(error: Error, subject: string): Error {
  if (error instanceof TraceError && !error.message.startsWith(subject)) error.message = `${subject}: ${error.message}`;
  return error;
}

/** The pause that `Retry-After` asks for: seconds or a date of HTTP. Unit: ms. Undefined if it is absent or unreadable. */
function retryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Date.parse takes nearly anything; a date of HTTP begins with its day: `Wed, 21 Oct …`.
  const ms = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) - now : NaN;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function isJson(headers: Headers): boolean {
  return headers.get('content-type')?.includes('json') ?? false;
}
