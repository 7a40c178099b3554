/** A file is looked at again after so long. Unit: ms. */
const REREAD_MS = 10_000;

/**
 * Returns a secret that stands in a file, read anew from time to time, so that it may be changed without a restart.
 * A file that is away or empty for a moment, as while it is being replaced, leaves the secret as it was.
 */
export function createSecretFile(read: () => string, first: string, now: () => number): () => string {
  let secret = first;
  let readAt = now();
  return () => {
    if (Math.abs(now() - readAt) < REREAD_MS) return secret;
    readAt = now();
    try {
      secret = read().trim() || secret;
    } catch {
      // Replaced at this very moment, or gone: the one known is as good as any.
    }
    return secret;
  };
}
