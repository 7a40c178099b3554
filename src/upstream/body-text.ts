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
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers.get('content-type') ?? '')?.[1];
  const chunks: Uint8Array[] = [];
  const reader = (body as ReadableStream<Uint8Array> | null)?.getReader(); // `arrayBuffer()` and `for await` are slower
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) chunks.push(next.value);
  try {
    return new TextDecoder(charset, { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new UpstreamMalformedError('the reply is not text of the charset that it names');
  }
}
