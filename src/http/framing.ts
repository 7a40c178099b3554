import type { IncomingMessage } from 'node:http';
import { RequestError } from './refusals.js';

/**
 * What is wrong with the headers by which a request is delimited and addressed, where node takes it as it comes; null if
 * nothing is. Source: RFC 9112, sections 3.2 and 6.1; RFC 9110, section 10.1.1.
 */
export function framingProblem({ headers, rawHeaders, httpVersion }: IncomingMessage): RequestError | null {
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    return new RequestError(501, 'bad_request', 'no transfer coding but chunked is known', CLOSE);
  if (headers.expect !== undefined && !isContinueExpected({ headers }))
    return new RequestError(417, 'bad_request', 'no expectation but 100-continue can be met', CLOSE);
  const hosts = countHosts(rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1'))
    return new RequestError(400, 'bad_request', 'send one Host header', CLOSE);
  return null;
}

/** Whether the client sends its body only once it is told to. */
export function isContinueExpected({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.expect?.toLowerCase() === '100-continue';
}

/** Where a request ends may be seen otherwise by a proxy: nothing that follows it on its connection is read. */
const CLOSE = { connection: 'close' };

/** `headers`: names and values by turns. */
function countHosts(headers: readonly string[]): number {
  let hosts = 0;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}
