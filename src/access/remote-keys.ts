import { fetchText } from './fetch-text.js';
import { createKeySet, parseJwks, type PublishedKey } from './jwks.js';
import { createUnavailableError, PublicKeysError, type KeySet, type KeySource } from './token-keys.js';
import type { AccessLog } from './watched-file.js';

/** How the keys of an issuer are fetched. */
export interface RemoteKeysOptions {
  /** Of the JSON Web Key Set. */
  readonly url: string;
  /** A fetch that takes longer has failed. Unit: ms. */
  readonly timeoutMs: number;
  /** Keys that were last published so long ago are not believed any more. Unit: ms. */
  readonly maxStaleMs: number;
}

/** Keys are fetched again so long after the last fetch. Unit: ms. */
export const KEYS_RENEW_MS = 300_000;
/** The same after a fetch that failed. Unit: ms. */
export const KEYS_RETRY_MS = 30_000;
/** The same while no keys are held at all, and nobody with a token is answered. Unit: ms. */
export const KEYS_FIRST_RETRY_MS = 2_000;
/** Tokens of unknown keys have keys fetched no more often than this: nobody can flood the issuer with them. Unit: ms. */
export const KEYS_RELOAD_MS = 30_000;
/** No honest key set is larger. Unit: bytes. */
const MAX_KEYS_BYTES = 262_144;
/** A key that is missing from so many sets in a row is dropped: one set may be of an issuer's node that lags behind. */
const SETS_BELIEVED = 2;

/** What the issuer published at one time. */
interface FetchedSet {
  readonly keys: readonly PublishedKey[];
  /** Unit: ms since 1970-01-01 UTC. */
  readonly fetchedAt: number;
}

/** Keys that come from an issuer over HTTP, and how old they are. */
export interface RemoteKeys extends KeySource {
  /** Time since keys were last fetched; infinite if they never were. Unit: ms. */
  readonly ageMs: () => number;
}

/**
 * Returns the keys that an issuer publishes, fetched at once and then by a timer: no token waits for a fetch while keys
 * are held, unless it names a key that is not among them. A set that cannot be used leaves the ones before in place.
 */
export function createRemoteKeys(options: RemoteKeysOptions, log: AccessLog, now: () => number): RemoteKeys {
  const { url, timeoutMs, maxStaleMs } = options;
  const closing = new AbortController();
  const believed = createBelievedKeys(maxStaleMs, log, now);
  let failure: { readonly text: string; readonly cause: unknown } | null = null;
  let fetching: Promise<void> | null = null;
  let reloadedAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  const retryMs = (): number => (believed.current() ? KEYS_RETRY_MS : KEYS_FIRST_RETRY_MS);

  /** Fetches the keys, or joins the fetch under way. Never rejects. */
  function renew(): Promise<void> {
    return (fetching ??= fetchKeys().finally(() => {
      fetching = null;
      clearTimeout(timer);
      if (closing.signal.aborted) return;
      timer = setTimeout(() => void renew(), failure ? retryMs() : KEYS_RENEW_MS).unref();
    }));
  }

  async function fetchKeys(): Promise<void> {
    try {
      const text = await fetchText(url, { timeoutMs, maxBytes: MAX_KEYS_BYTES, signal: closing.signal });
      believed.add(parseJwks(text));
      if (failure) log.info({}, 'The keys for tokens can be fetched again from AUTH_JWKS_URL');
      failure = null;
    } catch (cause) {
      const text = reasonOf(cause);
      const isNews = text !== failure?.text && !closing.signal.aborted;
      if (isNews) log.warn({}, `The keys for tokens cannot be fetched from AUTH_JWKS_URL: ${text}`);
      failure = { text, cause };
    }
  }

  void renew();
  return {
    current: () => believed.current(),
    ageMs: () => believed.ageMs(),
    async load() {
      if (!believed.current()) await fetching;
      const keys = believed.current();
      if (keys) return keys;
      throw createUnavailableError(retryMs(), failure?.cause);
    },
    async reload(used) {
      // A clock may be set back: a difference counts whichever its sign.
      const mayAsk = Math.abs(now() - reloadedAt) >= KEYS_RELOAD_MS;
      if (believed.current() === used && (mayAsk || fetching)) {
        if (mayAsk) reloadedAt = now();
        await renew();
      }
      const keys = believed.current();
      // While the issuer cannot be asked, a token of a key that is not held may well be good.
      if (!keys || (keys === used && failure)) throw createUnavailableError(retryMs(), failure?.cause);
      return keys;
    },
    close() {
      clearTimeout(timer);
      closing.abort(new Error('the gateway is closing'));
    },
  };
}

/** The keys of the last fetched sets that are not too old. */
function createBelievedKeys(maxStaleMs: number, log: AccessLog, now: () => number) {
  let sets: readonly FetchedSet[] = [];
  let keys: KeySet | null = null;
  let fingerprint = '';
  /** When the oldest of the sets gets too old. Unit: ms since 1970-01-01 UTC. */
  let until = Infinity;

  function take(next: readonly FetchedSet[]): void {
    sets = next.filter(({ fetchedAt }) => now() - fetchedAt < maxStaleMs).slice(0, SETS_BELIEVED);
    until = Math.min(...sets.map(({ fetchedAt }) => fetchedAt + maxStaleMs));
    const union = new Map(sets.flatMap((set) => set.keys.map((key) => [JSON.stringify(key), key])));
    const latest = [...union.keys()].sort().join();
    if (latest === fingerprint) return; // the same object, by which tokens that were verified are known again
    if (union.size === 0) log.warn({}, 'The keys for tokens are too old to be believed');
    else log.info({ keys: union.size }, 'The keys for tokens have changed');
    fingerprint = latest;
    keys = union.size === 0 ? null : createKeySet([...union.values()]);
  }

  return {
    add: (fetched: readonly PublishedKey[]): void => take([{ keys: fetched, fetchedAt: now() }, ...sets]),
    current(): KeySet | null {
      if (now() >= until) take(sets);
      return keys;
    },
    ageMs: (): number => Math.max(0, now() - (sets[0]?.fetchedAt ?? -Infinity)),
  };
}

/** Why a fetch failed, without the URL. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException };
  return error instanceof PublicKeysError ? `the answer ${message}` : (cause?.code ?? cause?.message ?? message);
}
