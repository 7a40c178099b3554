/**
 * Returns what `work` returns, or rejects when the time limit passes or `signal` aborts, whichever comes first. The signal
 * passed to `work` is then aborted, but the caller does not wait for `work` to stop.
 * Rejects with a DOMException named TimeoutError after the time limit, or with the signal's reason.
 */
export async function withTimeLimit<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', follow);
    };
    const end = (reason: Error): void => {
      done();
      reject(reason);
      controller.abort(reason);
    };
    // The timer keeps a reference to the controller until the work is done: Node 20 can lose an unreferenced signal.
    const timer = setTimeout(() => end(new DOMException('time is up', 'TimeoutError')), timeoutMs);
    const follow = (): void => end(signal?.reason as Error);
    signal?.addEventListener('abort', follow, { once: true });
    work(controller.signal).finally(done).then(resolve, reject);
  });
}

/** Returns what the work returns, or rejects with the signal's reason if it aborts first; the work then continues. */
export function unlessAborted<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.finally(() => signal.removeEventListener('abort', abort)).then(resolve, reject);
  });
}
