import type { IncomingMessage } from 'node:http';
import { RequestError } from './refusals.js';

/**
 * Returns what is wrong with the headers that delimit and address a request, as far as node accepts it; null: nothing.
 * Source: RFC 9112, sections 3.2 and 6.1; RFC 9110, section 10.1.1.
 */
export function framingProblem({ headers, rawHeaders, httpVersion }: IncomingMessage): RequestError | null {
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    return new RequestError(501, 'bad_request', 'only the transfer coding chunked is supported', CLOSE);
  if (headers.expect !== undefined && !isContinueExpected({ headers }))
    return new RequestError(417, 'bad_request', 'only the expectation 100-continue is supported', CLOSE);
  const hosts = countHosts(rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1'))
    return new RequestError(400, 'bad_request', 'send one Host header', CLOSE);
  return null;
}

/** Whether the client sends its body only after a 100 Continue. */
export function isContinueExpected({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.expect?.toLowerCase() === '100-continue';
}

/** A proxy may see the end of such a request elsewhere, so the connection is closed and nothing more is read from it. */
const CLOSE = { connection: 'close' };

/** Returns the number of Host headers. `headers`: alternating names and values. */
function countHosts(headers: readonly string[]): number {
  let hosts = 0;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}
