import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Limits wrong credentials per client address, against brute force. */
export interface GuessLimiter {
  /** True if no wrong credential was counted lately, so that addresses need not be computed. */
  readonly idle: boolean;
  /** Returns when this address may send credentials again; 0: now. Unit: ms from now. */
  retryAfterMs(address: string): number;
  /** Counts a refused credential of this address. The same credential counts once. */
  refused(address: string, credential: string): void;
}

/** Most addresses that are counted, the latest ones. */
const MAX_ADDRESSES = 10_000;
const WINDOW_MS = 60_000;

/**
 * Returns a limiter of wrong credentials per client address and minute, in this process. It counts distinct credentials, so
 * that a client that repeats an expired token does not lock out others behind its address.
 */
export function createGuessLimiter(perMinute: number, now: () => number): GuessLimiter {
  const byAddress = new LRUCache<string, { readonly guesses: Set<string>; readonly resetAt: number }>({
    max: MAX_ADDRESSES,
  });

  return {
    get idle() {
      return byAddress.size === 0;
    },
    retryAfterMs(address) {
      const record = recordOf(address);
      return record && record.guesses.size >= perMinute ? record.resetAt - now() : 0;
    },
    refused(address, credential) {
      const record = recordOf(address) ?? { guesses: new Set(), resetAt: now() + WINDOW_MS };
      record.guesses.add(fingerprint(credential));
      byAddress.set(address, record);
    },
  };

  function recordOf(address: string) {
    const record = byAddress.get(address);
    return record && record.resetAt > now() ? record : undefined;
  }
}

/** Returns a hash that identifies a credential, so that the credential itself is not stored. */
function fingerprint(credential: string): string {
  return createHash('sha256').update(credential).digest('base64url').slice(0, 11);
}
