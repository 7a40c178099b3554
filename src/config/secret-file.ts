/** A file is looked at again after so long. Unit: ms. */
const REREAD_MS = 10_000;

/** What a secret must be like to be taken from its file, beyond not being empty. */
export interface SecretRules {
  readonly fits: (secret: string) => boolean;
  /** Told once of each new text that does not fit. */
  readonly onMisfit: () => void;
}

/**
 * Returns a secret that stands in a file, read anew from time to time, so that it may be changed without a restart.
 * A file that is away or empty for a moment, as while it is being replaced, or that holds what does not fit leaves the
 * secret as it was.
 */
export function createSecretFile(
  read: () => string,
  first: string,
  now: () => number,
  { fits, onMisfit }: SecretRules = { fits: () => true, onMisfit: () => undefined },
): () => string {
  let secret = first;
  let misfit = '';
  let readAt = now();
  return () => {
    if (Math.abs(now() - readAt) < REREAD_MS) return secret;
    readAt = now();
    const text = textOf(read);
    if (text === '') return secret;
    if (fits(text)) {
      misfit = '';
      secret = text;
    } else if (text !== misfit) {
      misfit = text;
      onMisfit();
    }
    return secret;
  };
}

/** Empty while the file is being replaced, or gone: the secret known is as good as any. */
function textOf(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}
