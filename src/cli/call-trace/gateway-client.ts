import { createCallTraceClient } from '../../../client/src/client.js';
import { isCallTraceError, type TransportError } from '../../../client/src/errors.js';
import type { Connection } from './connection.js';
import { EXIT, Failure, failureOf } from './failure.js';
import { USER_AGENT } from './version.js';

/** Asks the gateway one operation, and returns its data. Rejects with a Failure if any part of it failed. */
export type Ask = (
  document: string,
  variables: Readonly<Record<string, unknown>>,
) => Promise<Readonly<Record<string, unknown>>>;

/** A gateway answers within its own deadline, 10 s as a rule. Unit: ms. */
const TIMEOUT_MS = 60_000;
/** What a patient program takes upon itself: so many retries, the first after this time, the last before that. Unit: ms. */
const PATIENCE = { retries: 5, pauseMs: 5_000, retryForMs: 600_000 };

/**
 * Returns what asks the gateway. With `tell` it asks again where the gateway cannot be reached, or refuses for now;
 * `tell` gets a sentence before each pause.
 */
export function createAsk({ base, credential }: Connection, tell?: (sentence: string) => void): Ask {
  const url = new URL('graphql', base);
  const client = createCallTraceClient({
    url: url.href,
    credential,
    timeoutMs: TIMEOUT_MS,
    clientName: USER_AGENT,
    ...(tell === undefined ? { retries: 0 } : PATIENCE),
    onRetry: (error, pauseMs) => {
      tell?.(`${failureFrom(error, url).message}\nAsks again in ${Math.ceil(pauseMs / 1_000)} s.`);
    },
  });
  return async (document, variables) => {
    try {
      const { data } = await client.ask(document, variables, { errorPolicy: 'none' });
      return data as Readonly<Record<string, unknown>>;
    } catch (error) {
      throw failureFrom(error, url);
    }
  };
}

function failureFrom(error: unknown, url: URL): Failure {
  if (!isCallTraceError(error)) throw error;
  if (error.kind === 'gateway') return failureOf(error);
  return isStrangeAnswer(error) ? strangeAnswer(error, url) : unreachable(error, url);
}

function isStrangeAnswer({ code }: TransportError): boolean {
  return code === 'NOT_JSON' || code === 'NOT_GRAPHQL' || code === 'REDIRECTED';
}

function strangeAnswer({ status, retryable }: TransportError, url: URL): Failure {
  const said = `${url.href} answered with status ${status ?? 0} and no GraphQL`;
  if (status === 401 || status === 403)
    return new Failure(EXIT.forbidden, `${said}: something before the gateway refused the request.`);
  if (retryable || Number(status) >= 500)
    return new Failure(EXIT.unavailable, `${said}: the gateway cannot be reached now. Try again later.`);
  return new Failure(EXIT.failed, `${said}: this is no call trace gateway. Check --url or CALL_TRACE_URL.`);
}

function unreachable(error: TransportError, url: URL): Failure {
  return new Failure(
    EXIT.unavailable,
    `The gateway at ${url.origin} cannot be reached (${reasonOf(error)}). Is it running? Its address is given by --url or CALL_TRACE_URL.`,
  );
}

function reasonOf({ code, cause }: TransportError): string {
  if (code === 'TIMEOUT') return `no answer within ${TIMEOUT_MS / 1_000} s`;
  if (code === 'TRUNCATED') return 'its answer broke off';
  const { cause: inner, message = code } = (cause ?? {}) as { readonly cause?: unknown; readonly message?: string };
  return (inner as NodeJS.ErrnoException | undefined)?.code ?? message;
}
