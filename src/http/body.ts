import type { IncomingMessage } from 'node:http';
import type { JsonReader } from './json-reader.js';

/** Why a request's body was not taken, as an HTTP status with a sentence for the client. */
export class BodyError extends Error {
  readonly status: 400 | 413 | 415;

  constructor(status: 400 | 413 | 415, message: string) {
    super(message);
    this.status = status;
  }
}

/** A body, read. */
export interface Body {
  readonly json: unknown;
  /** Unit: bytes. */
  readonly bytes: number;
}

/**
 * The JSON in a request's body. Throws BodyError if it is longer than `maxBytes`, not JSON, or in an encoding other than
 * UTF-8; no JSON if the content type is another, which the GraphQL server judges by itself.
 */
export async function readJson(request: IncomingMessage, maxBytes: number, read: JsonReader): Promise<Body> {
  const { headers } = request;
  const { type, charset } = contentType(headers['content-type'] ?? '');
  if (type !== 'application/json') return NO_BODY;
  if (charset !== 'utf-8') throw new BodyError(415, `charset ${charset} is not taken; send the body in utf-8`);
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new BodyError(415, 'a compressed body is not taken; send it as it is');
  const bytes = await readBytes(request, maxBytes);
  try {
    return { json: read(bytes), bytes: bytes.length };
  } catch {
    throw new BodyError(400, 'the body is not JSON; send an object with `query` and, if need be, `variables`');
  }
}

/** What a request has that sends none, or none that is JSON. */
export const NO_BODY: Body = { json: undefined, bytes: 0 };

/**
 * The whole body. Listens by itself: a stream's iterator takes several times as long. If the client leaves while it
 * still sends, there is nothing to go on with, and nobody to tell: the promise stays as it is, and goes with the request.
 */
function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > maxBytes) {
        request.off('data', take);
        reject(new BodyError(413, `the body is longer than ${maxBytes} bytes`));
      } else chunks.push(chunk);
    };
    request.on('data', take);
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
  });
}

/** What a refused request may still send, so that its connection stays fit for the next one. Unit: bytes. */
const MAX_LET_GO_BYTES = 16 * 1024 * 1024;

/** Lets go of what is still to come of a request that has been answered; cuts the connection if that has no end. */
export function letGo(request: IncomingMessage): void {
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > MAX_LET_GO_BYTES) request.destroy();
  });
}

const PLAIN_JSON = { type: 'application/json', charset: 'utf-8' };

function contentType(header: string): { type: string; charset: string } {
  if (header === PLAIN_JSON.type) return PLAIN_JSON; // as nearly all say it
  const [type = '', ...parameters] = header
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  return { type, charset: charset ?? 'utf-8' };
}
