import { AuthenticationUnavailableError } from './caller.js';
import { parseJwks, PublicKeysError, type KeySet, type KeySource } from './token-keys.js';

/** How the keys of an issuer are fetched. */
export interface RemoteKeysOptions {
  /** Of the JSON Web Key Set. */
  readonly url: string;
  /** A fetch that takes longer has failed. Unit: ms. */
  readonly timeoutMs: number;
}

/** So long the keys are used before they are asked for again: a key that was taken back lives no longer. Unit: ms. */
export const KEYS_FRESH_MS = 300_000;
/** Least time between two fetches, whatever tokens come: nobody makes this gateway beat upon the issuer. Unit: ms. */
export const KEYS_COOLDOWN_MS = 30_000;
/** The same while no keys are known at all, and nobody with a token gets in. Unit: ms. */
export const KEYS_FIRST_COOLDOWN_MS = 2_000;
/** So long the keys go on while the issuer is away. Unit: ms. */
export const KEYS_STALE_MS = 86_400_000;

/** Keys that the issuer publishes over HTTP. Nothing is fetched before the first token comes. */
export function createRemoteKeys(
  { url, timeoutMs }: RemoteKeysOptions,
  warn: (message: string) => void,
  now: () => number,
): KeySource {
  let keys: KeySet | null = null;
  let fetchedAt = -Infinity;
  let triedAt = -Infinity;
  let failure: unknown = null;
  let underWay: Promise<void> | null = null;
  let fetching: AbortController | null = null;

  // A clock may be set back: a difference counts whichever its sign.
  const isWithin = (ms: number, instant: number): boolean => Math.abs(now() - instant) < ms;

  const coolDownMs = (): number => (keys ? KEYS_COOLDOWN_MS : KEYS_FIRST_COOLDOWN_MS);

  async function tryFetch(): Promise<void> {
    try {
      fetching = new AbortController();
      const text = await fetchText(url, timeoutMs, fetching);
      if (text !== keys?.text) keys = parseJwks(text);
      fetchedAt = now();
      failure = null;
    } catch (error) {
      if (failure === null) warn(`The keys for tokens cannot be fetched from AUTH_JWKS_URL: ${reasonOf(error)}`);
      failure = error;
    } finally {
      triedAt = now();
    }
  }
  async function fetchUnlessJustTried(): Promise<void> {
    if (isWithin(coolDownMs(), triedAt)) return;
    underWay ??= tryFetch().finally(() => (underWay = null));
    await underWay;
  }

  const unavailable = (): AuthenticationUnavailableError =>
    new AuthenticationUnavailableError(
      'Tokens cannot be checked just now, for the keys of their issuer cannot be fetched. Try again later.',
      coolDownMs(),
      { cause: failure },
    );
  const current = (): KeySet | null =>
    isWithin(KEYS_FRESH_MS, fetchedAt) || (isWithin(KEYS_COOLDOWN_MS, triedAt) && isWithin(KEYS_STALE_MS, fetchedAt))
      ? keys
      : null;
  return {
    current,
    async load() {
      if (!current()) await fetchUnlessJustTried();
      const known = current();
      if (known) return known;
      throw unavailable();
    },
    async reload(used) {
      if (keys === used) await fetchUnlessJustTried();
      // The token names a key that is not known, and the issuer cannot be asked: the token may well be good.
      if (!keys || (keys === used && failure !== null)) throw unavailable();
      return keys;
    },
    close: () => fetching?.abort(new Error('the gateway is closing')),
  };
}

/**
 * The text at a URL. Rejects after the time limit whatever fetch does: it can lose its signal to a garbage collection
 * (see docs/decisions.md), and everybody with a token would wait for it.
 */
async function fetchText(url: string, timeoutMs: number, controller: AbortController): Promise<string> {
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  const read = async (): Promise<string> => {
    const reply = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal });
    if (reply.status === 200) return reply.text();
    await reply.body?.cancel();
    throw new Error(`HTTP status ${reply.status}`);
  };
  try {
    return await Promise.race([read(), ended]);
  } finally {
    clearTimeout(timer);
  }
}

/** Why a fetch failed, without the URL. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException };
  return error instanceof PublicKeysError ? message : (cause?.code ?? cause?.message ?? message);
}
