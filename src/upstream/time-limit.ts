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
  // Held by the timer until the work is done: on Node 20 a signal that nobody holds can be lost.
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('time is up', 'TimeoutError')), timeoutMs);
  const follow = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', follow, { once: true });
  try {
    return await unlessAborted(controller.signal, work(controller.signal));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', follow);
  }
}

/** Returns what the work returns, or rejects with the signal's reason when that aborts before; the work goes on then. */
export function unlessAborted<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.finally(() => signal.removeEventListener('abort', leave)).then(resolve, reject);
  });
}
