import type { IncomingMessage } from 'node:http';
import { RequestError } from './refusals.js';

/**
 * Returns what is wrong with the headers that delimit and address a request, as far as node accepts it; null: nothing.
 * Source: RFC 9112, sections 3.2 and 6.1; RFC 9110, section 10.1.1.
 */
export function framingProblem({ headers, rawHeaders, httpVersion, url }: IncomingMessage): RequestError | null {
  if (rawHeaders.length > 2 * MAX_HEADERS)
    return new RequestError(431, 'too_large', `send at most ${MAX_HEADERS} headers`, CLOSE);
  if (url?.includes('#') === true)
    return new RequestError(400, 'bad_request', 'send the request target without a fragment', CLOSE);
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && httpVersion === '1.0')
    return new RequestError(400, 'bad_request', 'HTTP/1.0 has no transfer coding', CLOSE);
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    return new RequestError(501, 'bad_request', 'only the transfer coding chunked is supported', CLOSE);
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== CONTINUE)
    return new RequestError(417, 'bad_request', 'only the expectation 100-continue is supported', CLOSE);
  const hosts = countHosts(rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1'))
    return new RequestError(400, 'bad_request', 'send one Host header', CLOSE);
  if (headers.host !== undefined && !HOST.test(headers.host))
    return new RequestError(400, 'bad_request', 'send a host name or address as Host, and perhaps a port', CLOSE);
  return null;
}

/** Whether the client sends its body only after a 100 Continue, which HTTP/1.0 does not know. */
export function isContinueExpected({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.expect?.toLowerCase() === CONTINUE && httpVersion !== '1.0';
}

/** Most headers of a request; more are refused with 431. Browsers behind several proxies send some forty. */
export const MAX_HEADERS = 100;
const CONTINUE = '100-continue';
/** A name or an IPv4 address, an IPv6 address in brackets, or nothing; and a port. Source: RFC 3986, section 3.2. */
const HOST = /^([\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(:\d*)?$/i;

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
