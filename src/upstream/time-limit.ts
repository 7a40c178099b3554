/**
 * Returns what `work` returns, or rejects when the time is up or `signal` aborts, whichever comes first. The signal
 * given to `work` is then aborted; but the caller does not depend on the work's heeding it.
 * Errors: a DOMException named TimeoutError when the time is up; the signal's reason when it aborts.
 */
export async function withTimeLimit<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  let follow = (): void => undefined;
  const cut = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), { once: true });
    follow = () => controller.abort(signal?.reason);
  });
  const timer = setTimeout(() => controller.abort(new DOMException('time is up', 'TimeoutError')), timeoutMs);
  signal?.addEventListener('abort', follow, { once: true });
  try {
    return await Promise.race([work(controller.signal), cut]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', follow);
  }
}
