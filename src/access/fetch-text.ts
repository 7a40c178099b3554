/** The limits of a fetch. */
export interface FetchLimits {
  /** From the first byte sent to the last byte received. Unit: ms. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Aborts the fetch. */
  readonly signal: AbortSignal;
}

/**
 * Returns the text at a URL. Rejects for any status but 200, for a redirect, and beyond the limits. The time limit does not
 * depend on fetch, which can lose its signal to a garbage collection (see docs/decisions.md).
 */
export async function fetchText(url: string, { timeoutMs, maxBytes, signal }: FetchLimits): Promise<string> {
  const controller = new AbortController();
  const abort = (reason: Error): void => controller.abort(reason);
  const timer = setTimeout(() => abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const closed = (): void => abort(signal.reason as Error);
  signal.addEventListener('abort', closed, { once: true });
  const aborted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), { once: true });
  });
  const read = async (): Promise<string> => {
    const reply = await fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: controller.signal,
    });
    if (reply.status === 200) return readText(reply, maxBytes);
    await reply.body?.cancel();
    throw new Error(`HTTP status ${reply.status}`);
  };
  try {
    return await Promise.race([read(), aborted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', closed);
  }
}

async function readText(reply: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (reply.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`more than ${maxBytes} bytes`); // leaving the loop cancels the body
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
