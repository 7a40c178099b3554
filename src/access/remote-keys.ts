import { fetchText } from './fetch-text.js';
import { createKeySet, parseJwks, type PublishedKey } from './jwks.js';
import { createUnavailableError, PublicKeysError, type KeySet, type KeySource } from './token-keys.js';
import type { AccessLog } from './watched-file.js';

/** How the keys of an issuer are fetched. */
export interface RemoteKeysOptions {
  /** The URL of the JSON Web Key Set. */
  readonly url: string;
  /** A fetch that takes longer has failed. Unit: ms. */
  readonly timeoutMs: number;
  /** Keys expire when they were last fetched this long ago. Unit: ms. */
  readonly maxStaleMs: number;
}

/** Pause between two fetches of the keys. Unit: ms. */
export const KEYS_RENEW_MS = 300_000;
/** The same after a fetch that failed. Unit: ms. */
export const KEYS_RETRY_MS = 30_000;
/** The same while there are no keys at all, so that every token is refused. Unit: ms. */
export const KEYS_FIRST_RETRY_MS = 2_000;
/** Shortest pause between fetches that tokens of unknown keys cause, so that nobody can flood the issuer. Unit: ms. */
export const KEYS_RELOAD_MS = 30_000;
/** Largest key set that is accepted. Unit: bytes. */
const MAX_KEYS_BYTES = 262_144;
/** A key is dropped when it is missing from this many sets in a row: one set may come from a node of the issuer that lags behind. */
const SETS_IN_USE = 2;

/** One key set as fetched. */
interface FetchedSet {
  readonly keys: readonly PublishedKey[];
  /** Unit: ms since 1970-01-01 UTC. */
  readonly fetchedAt: number;
}

/** Keys fetched from an issuer over HTTP, with their age. */
export interface RemoteKeys extends KeySource {
  /** Time since the last successful fetch; infinite without any. Unit: ms. */
  readonly ageMs: () => number;
}

/**
 * Returns the keys that an issuer publishes, fetched now and then periodically. While there are keys, a token waits for a
 * fetch only if it names an unknown key. An invalid set leaves the earlier keys in use.
 */
export function createRemoteKeys(options: RemoteKeysOptions, log: AccessLog, now: () => number): RemoteKeys {
  const { url, timeoutMs, maxStaleMs } = options;
  const closing = new AbortController();
  const keysInUse = createKeysInUse(maxStaleMs, log, now);
  let failure: { readonly text: string; readonly cause: unknown } | null = null;
  let fetching: Promise<void> | null = null;
  let reloadedAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  const retryMs = (): number => (keysInUse.current() ? KEYS_RETRY_MS : KEYS_FIRST_RETRY_MS);

  /** Fetches the keys, or joins the fetch in flight. Never rejects. */
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
      keysInUse.add(parseJwks(text));
      if (failure) log.info({}, 'The keys for tokens can be fetched again from AUTH_JWKS_URL');
      failure = null;
    } catch (cause) {
      const text = reasonOf(cause);
      const isNewFailure = text !== failure?.text && !closing.signal.aborted;
      if (isNewFailure) log.warn({}, `The keys for tokens cannot be fetched from AUTH_JWKS_URL: ${text}`);
      failure = { text, cause };
    }
  }

  void renew();
  return {
    current: () => keysInUse.current(),
    ageMs: () => keysInUse.ageMs(),
    async load() {
      if (!keysInUse.current()) await fetching;
      const keys = keysInUse.current();
      if (keys) return keys;
      throw createUnavailableError(retryMs(), failure?.cause);
    },
    async reload(used) {
      // The absolute difference, because the clock may be set back.
      const mayFetch = Math.abs(now() - reloadedAt) >= KEYS_RELOAD_MS;
      if (keysInUse.current() === used && (mayFetch || fetching)) {
        if (mayFetch) reloadedAt = now();
        await renew();
      }
      const keys = keysInUse.current();
      // While the issuer is unreachable, a token of an unknown key may be valid.
      if (!keys || (keys === used && failure)) throw createUnavailableError(retryMs(), failure?.cause);
      return keys;
    },
    close() {
      clearTimeout(timer);
      closing.abort(new Error('the gateway is closing'));
    },
  };
}

/** Returns the keys of the last fetched sets that are not too old. */
function createKeysInUse(maxStaleMs: number, log: AccessLog, now: () => number) {
  let sets: readonly FetchedSet[] = [];
  let keys: KeySet | null = null;
  let fingerprint = '';
  /** When the oldest of the sets expires. Unit: ms since 1970-01-01 UTC. */
  let until = Infinity;

  function use(next: readonly FetchedSet[]): void {
    sets = next.filter(({ fetchedAt }) => now() - fetchedAt < maxStaleMs).slice(0, SETS_IN_USE);
    until = Math.min(...sets.map(({ fetchedAt }) => fetchedAt + maxStaleMs));
    const union = new Map(sets.flatMap((set) => set.keys.map((key) => [JSON.stringify(key), key])));
    const latest = [...union.keys()].sort().join();
    if (latest === fingerprint) return; // the cache of verified tokens depends on the same object
    if (union.size === 0) log.warn({}, 'The keys for tokens are too old to be used');
    else log.info({ keys: union.size }, 'The keys for tokens have changed');
    fingerprint = latest;
    keys = union.size === 0 ? null : createKeySet([...union.values()]);
  }

  return {
    add: (fetched: readonly PublishedKey[]): void => use([{ keys: fetched, fetchedAt: now() }, ...sets]),
    current(): KeySet | null {
      if (now() >= until) use(sets);
      return keys;
    },
    ageMs: (): number => Math.max(0, now() - (sets[0]?.fetchedAt ?? -Infinity)),
  };
}

/** Returns why a fetch failed, without the URL. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException };
  return error instanceof PublicKeysError ? `the answer ${message}` : (cause?.code ?? cause?.message ?? message);
}
