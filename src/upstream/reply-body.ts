import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { UpstreamMalformedError } from '../call/errors.js';

const UNPACKERS = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);
/** What `unpack` understands, as the value of `Accept-Encoding`. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/**
 * Returns the bytes of a body that came packed so (`Content-Encoding`; null: not at all). Throws UpstreamMalformedError if
 * it is packed in another way, cannot be unpacked, or is longer than `maxBytes` unpacked.
 */
export async function unpack(bytes: Buffer, encoding: string | null, maxBytes: number): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return bytes;
  const unpacker = UNPACKERS.get(name);
  if (!unpacker) throw new UpstreamMalformedError('the reply is packed in a way that was not asked for');
  try {
    return await unpacker(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLong(maxBytes);
    throw new UpstreamMalformedError('the reply cannot be unpacked', { cause: error });
  }
}

/** The failure of a reply that is longer than allowed. */
export function tooLong(maxBytes: number): UpstreamMalformedError {
  return new UpstreamMalformedError(`the reply is longer than ${maxBytes} bytes`);
}

/**
 * Returns the bytes of a Request or a Response. Unlike `arrayBuffer()` it gives the stream back: ky cancels the body of
 * each request in the end, which costs an error where somebody else holds it.
 */
export async function bytesOf(body: ReadableStream<Uint8Array> | null): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const reader = body?.getReader();
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) chunks.push(next.value);
  reader?.releaseLock();
  return Buffer.concat(chunks);
}

/**
 * Returns the text of a body in the charset that its content type names, UTF-8 if none; without a byte order mark.
 * Throws UpstreamMalformedError for an unknown charset, and for bytes that it does not allow.
 */
export function decodeBody(bytes: Uint8Array, contentType: string | null): string {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (error) {
    const isUnknown = (error as Error).name === 'RangeError';
    throw new UpstreamMalformedError(
      isUnknown ? 'the reply is in an unknown charset' : 'the reply holds bytes that its charset does not allow',
    );
  }
}
