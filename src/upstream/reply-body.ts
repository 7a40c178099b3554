import { UpstreamMalformedError } from '../call/errors.js';

/**
 * Returns the text of a reply in the charset that its content type names, UTF-8 if none; without a byte order mark.
 * Throws UpstreamMalformedError for an unknown charset, for bytes that it does not allow, and for a body that came packed:
 * none is asked for.
 */
export async function readText({ headers, body }: Response): Promise<string> {
  const encoding = headers.get('content-encoding') ?? '';
  if (!/^(identity)?$/i.test(encoding))
    throw new UpstreamMalformedError('the reply is packed, which was not asked for');
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers.get('content-type') ?? '')?.[1];
  const chunks: Uint8Array[] = [];
  const reader = (body as ReadableStream<Uint8Array> | null)?.getReader(); // `arrayBuffer()` and `for await` are dearer
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) chunks.push(next.value);
  try {
    return new TextDecoder(charset, { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new UpstreamMalformedError('the reply is not text of the charset that it names');
  }
}
