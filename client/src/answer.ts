import type { HttpAnswer } from './attempt.js';
import { GatewayError, TransportError, type TransportErrorCode } from './errors.js';

/** What the gateway answered. */
export interface Answer<Data> {
  /** As the document asks for it; null where it failed, with an error at that path. */
  readonly data: Data;
  /** What failed. Empty if nothing did. */
  readonly errors: readonly GatewayError[];
  /** Tells the operators of the gateway which lines of their log to read; null if the answer has none. */
  readonly requestId: string | null;
}

/** Statuses of a gateway, or of a proxy before it, that can be another next time. */
const RETRYABLE_STATUSES: readonly number[] = [429, 502, 503, 504];

/**
 * Returns what a response says. Throws a GatewayError if the request was refused as a whole, a TransportError if the
 * response is none of a GraphQL server.
 */
export function readAnswer(name: string, answer: HttpAnswer, sentRequestId: string | null): Answer<unknown> {
  const { status, header, body } = answer;
  const requestId = header('x-request-id') ?? sentRequestId;
  const retryAfterMs = readRetryAfter(header);
  const refuse = (code: TransportErrorCode, why: string): TransportError => {
    const retryable = RETRYABLE_STATUSES.includes(status);
    return new TransportError(code, `${name} answered ${status} with ${why}`, {
      retryable,
      retryAfterMs: retryable ? retryAfterMs : null,
      requestId,
      status,
    });
  };

  const json = parseJson(body);
  if (json === undefined)
    throw refuse('NOT_JSON', `${header('content-type') ?? 'a body without a type'}, not with JSON`);
  const { data = null, errors } = isObject(json) ? json : {};
  const listed = errors ?? []; // some servers send null
  const isAnswer = Array.isArray(listed) && (isObject(data) || (data === null && listed.length > 0));
  if (!isAnswer) throw refuse('NOT_GRAPHQL', 'JSON that is no answer of a GraphQL server');
  const failures = listed.map((error) => readError(error, { status, requestId, retryAfterMs }));
  const [first] = failures;
  if (data === null && first !== undefined) throw first;
  return { data, errors: failures, requestId };
}

/** What the response as a whole says of its errors. */
interface Surroundings {
  readonly status: number;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;
}

function readError(error: unknown, { status, requestId, retryAfterMs: ofHeader }: Surroundings): GatewayError {
  const { message, path, extensions } = isObject(error) ? error : {};
  const said = isObject(extensions) ? extensions : {};
  const retryable = typeof said['retryable'] === 'boolean' ? said['retryable'] : RETRYABLE_STATUSES.includes(status);
  const ofError = typeof said['retryAfterMs'] === 'number' ? said['retryAfterMs'] : null;
  const longest = Math.max(ofError ?? 0, ofHeader ?? 0);
  return new GatewayError(textOr(message, 'The gateway did not say why.'), {
    code: textOr(said['code'], 'UNKNOWN'),
    retryable,
    retryAfterMs: retryable && (ofError ?? ofHeader) !== null ? longest : null,
    requestId: textOr(said['requestId'], requestId),
    status,
    path: Array.isArray(path) ? (path as readonly (string | number)[]) : null,
    argument: textOr(said['argument'], null),
    upstream: isObject(said['upstream']) ? said['upstream'] : null,
  });
}

/**
 * Returns how long to wait: seconds, or until an instant by the clock of whoever answered. Of a header that came twice the
 * longer time. Null without a readable header: `Date.parse` alone would take `-5`, `1.5` and `10, 10` for days long past.
 */
function readRetryAfter(header: HttpAnswer['header']): number | null {
  const value = header('retry-after') ?? '';
  if (/^\s*\d+(\s*,\s*\d+)*\s*$/.test(value)) return Math.max(...value.split(',').map(Number)) * 1_000;
  const [until, now] = [dateOf(value), dateOf(header('date') ?? '') ?? Date.now()];
  return until === null ? null : Math.max(0, until - now);
}

/** Reads a date of HTTP, such as `Wed, 21 Oct 2026 07:28:00 GMT`. Null if it is none. */
function dateOf(text: string): number | null {
  const ms = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text.trim())
    ? Date.parse(text)
    : NaN;
  return Number.isNaN(ms) ? null : ms;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOr<Other>(value: unknown, other: Other): string | Other {
  return typeof value === 'string' ? value : other;
}
