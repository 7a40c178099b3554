import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { UpstreamMalformedError } from '../call/errors.js';

const UNPACKERS = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);
/** What `unpacked` understands, as the value of `Accept-Encoding`. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/**
 * The bytes of a body, unpacked. Throws UpstreamMalformedError if it is packed in another way, cannot be unpacked, or is
 * longer than `maxBytes` unpacked; whatever the body's stream fails with.
 */
export async function readBody(body: Readable, encoding: string | null, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of unpacked(body, encoding) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) throw new UpstreamMalformedError(`the reply is longer than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw isUnpackError(error) ? new UpstreamMalformedError('the reply cannot be unpacked', { cause: error }) : error;
  }
  return Buffer.concat(chunks);
}

function unpacked(body: Readable, encoding: string | null): Readable {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return body;
  const create = UNPACKERS.get(name);
  if (!create) {
    // A body that nobody reads would keep its connection for ever.
    body.on('error', () => undefined).destroy();
    throw new UpstreamMalformedError('the reply is packed in a way that was not asked for');
  }
  const unpacker = create();
  body.on('error', (error: Error) => unpacker.destroy(error));
  unpacker.on('close', () => body.destroy());
  return body.pipe(unpacker);
}

/** zlib names its errors Z_…, brotli ERR__ERROR_… with two underscores, or ERR_BROTLI_…. */
function isUnpackError(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(Z_|ERR__ERROR_|ERR_BROTLI_)/.test(code);
}

/**
 * The text of a body in the charset that its content type names, UTF-8 if none; without a byte order mark.
 * Throws UpstreamMalformedError for an unknown charset, and for bytes that it does not allow.
 */
export function decodeBody(bytes: Uint8Array, contentType: string | null): string {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  const decode = decoderOf(charset);
  try {
    return decode(bytes);
  } catch {
    throw new UpstreamMalformedError('the reply holds bytes that its charset does not allow');
  }
}

/** Throws for bytes that the charset does not allow. */
function decoderOf(charset: string): (bytes: Uint8Array) => string {
  try {
    const decoder = new TextDecoder(charset, { fatal: true });
    return (bytes) => decoder.decode(bytes);
  } catch {
    throw new UpstreamMalformedError('the reply is in an unknown charset');
  }
}
