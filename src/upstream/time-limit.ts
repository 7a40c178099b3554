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
    // Holds the controller until the work is done: on Node 20 a signal that nobody holds can be lost.
    const timer = setTimeout(() => end(new DOMException('time is up', 'TimeoutError')), timeoutMs);
    const follow = (): void => end(signal?.reason as Error);
    signal?.addEventListener('abort', follow, { once: true });
    work(controller.signal).finally(done).then(resolve, reject);
  });
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
