import type { Connection } from './connection.js';
import { EXIT, Failure } from './failure.js';
import { parseReply, type GraphReply } from './reply.js';
import { USER_AGENT } from './version.js';

/** Asks the gateway one operation. Rejects with a Failure if no reply of a gateway came. */
export type Ask = (document: string, variables: Readonly<Record<string, unknown>>) => Promise<GraphReply>;

/** A gateway answers within its own deadline, 10 s as a rule. Unit: ms. */
const TIMEOUT_MS = 60_000;

/** Returns what asks the gateway. */
export function createAsk({ base, credential }: Connection): Ask {
  const url = new URL('graphql', base);
  return async (document, variables) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json;q=0.9',
          'user-agent': USER_AGENT,
          ...credential,
        },
        body: JSON.stringify({ query: document, variables }),
        // A credential goes nowhere else.
        redirect: 'manual',
        signal: controller.signal,
      });
      return readReply(url, response.status, await response.text());
    } catch (error) {
      throw error instanceof Failure ? error : unreachable(url, error as Error);
    } finally {
      clearTimeout(timer);
    }
  };
}

function readReply(url: URL, status: number, body: string): GraphReply {
  const reply = parseReply(body);
  if (reply !== null) return reply;
  const said = `${url.href} answered with status ${status} and no GraphQL`;
  if (status === 401 || status === 403)
    throw new Failure(EXIT.forbidden, `${said}: something before the gateway refused the request.`);
  if (status === 429 || status >= 500)
    throw new Failure(EXIT.unavailable, `${said}: the gateway cannot be reached now. Try again later.`);
  throw new Failure(EXIT.failed, `${said}: this is no call trace gateway. Check --url or CALL_TRACE_URL.`);
}

function unreachable(url: URL, error: Error): Failure {
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  const why = error.name === 'AbortError' ? `no answer within ${TIMEOUT_MS / 1000} s` : (cause?.code ?? error.message);
  return new Failure(
    EXIT.unavailable,
    `The gateway at ${url.origin} cannot be reached (${why}). Is it running? Its address is given by --url or CALL_TRACE_URL.`,
  );
}
