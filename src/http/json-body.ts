import { isUtf8 } from 'node:buffer';
import { RequestError } from './refusals.js';

/** Checks the headers that say of what kind a body is. Throws RequestError unless it is JSON in UTF-8, not compressed. */
export function checkJsonHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw unsupported('a compressed body is not accepted; send it uncompressed');
  const contentType = headers['content-type'];
  if (contentType === 'application/json') return; // the usual one
  const [type = '', ...parameters] = (typeof contentType === 'string' ? contentType : '').toLowerCase().split(';');
  if (type.trim() !== 'application/json') throw unsupported('send the body as application/json');
  for (const parameter of parameters) {
    const charset = /^\s*charset\s*=\s*"?([^"]*?)"?\s*$/.exec(parameter)?.[1];
    if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
      throw unsupported(
        `charset ${charset.slice(0, MAX_REPEATED)} is not accepted; send application/json; charset=utf-8`,
      );
  }
}

/** Most characters of a client's value that a message repeats. */
const MAX_REPEATED = 40;

function unsupported(message: string): RequestError {
  return new RequestError(415, 'unsupported_media_type', message, { accept: 'application/json' });
}

/** The length of a byte order mark in UTF-8, which some programs prepend. Unit: bytes. */
const MARK_BYTES = 3;

/** Returns the value in a JSON body. Throws RequestError if the body is not JSON in UTF-8. */
export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw new RequestError(400, 'bad_request', 'the body is not valid UTF-8');
  const hasMark = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
  try {
    return JSON.parse(body.toString('utf8', hasMark ? MARK_BYTES : 0));
  } catch {
    throw new RequestError(
      400,
      'bad_request',
      'the body is not JSON; send an object with `query` and, if need be, `variables`',
    );
  }
}
