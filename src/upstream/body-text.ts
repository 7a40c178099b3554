import { isUtf8 } from 'node:buffer';
import { UpstreamMalformedError } from '../call/errors.js';

/**
 * Returns the text of a reply in the charset of its content type, by default UTF-8, without a byte order mark. Throws
 * UpstreamMalformedError for an unknown charset, for bytes that are invalid in it, and for a compressed body: requests
 * accept none.
 */
export async function readText({ headers, body }: Response): Promise<string> {
  const encoding = headers.get('content-encoding') ?? '';
  if (!/^(identity)?$/i.test(encoding))
    throw new UpstreamMalformedError('the reply is compressed, which the request did not allow');
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers.get('content-type') ?? '')?.[1] ?? 'utf-8';
  const chunks: Uint8Array[] = [];
  const reader = (body as ReadableStream<Uint8Array> | null)?.getReader(); // `arrayBuffer()` and `for await` are slower
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) chunks.push(next.value);
  const bytes = Buffer.concat(chunks);
  if (/^utf-?8$/i.test(charset) && isUtf8(bytes)) return textOf(bytes);
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    throw new UpstreamMalformedError('the reply is not text of the charset that it names');
  }
}

/** The text of valid UTF-8, without its byte order mark: a TextDecoder takes ten times as long. */
function textOf(bytes: Buffer): string {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.toString('utf8', hasMark ? 3 : 0);
}
