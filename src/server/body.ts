import type { IncomingMessage } from 'node:http';

/** Why a request's body was not taken, as an HTTP status with a sentence for the client. */
export class BodyError extends Error {
  readonly status: 400 | 413 | 415;

  constructor(status: 400 | 413 | 415, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The JSON in a request's body. Throws BodyError if it is longer than `maxBytes`, not JSON, or in an encoding other than
 * UTF-8; undefined if the content type is not JSON, which the GraphQL server judges by itself.
 */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const { type, charset } = contentType(request.headers['content-type'] ?? '');
  if (type !== 'application/json') return undefined;
  if (charset !== 'utf-8') throw new BodyError(415, `charset ${charset} is not taken; send the body in utf-8`);
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new BodyError(415, 'a compressed body is not taken; send it as it is');
  const text = await readText(request, maxBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new BodyError(400, 'the body is not JSON; send an object with `query` and, if need be, `variables`');
  }
}

async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Left early, the request must stay whole: destroying it would cut the connection that the refusal is to travel on.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new BodyError(413, `the body is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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

function contentType(header: string): { type: string; charset: string } {
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
