import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Slows down whoever tries one credential after another. */
export interface GuessLimiter {
  /** Whether nobody has shown a wrong credential of late, so that no address need be looked at. */
  readonly idle: boolean;
  /** 0 if somebody at this address may show a credential; else when they may again. Unit: ms from now. */
  retryAfterMs(address: string): number;
  /** A credential from this address was refused. The same one again is no new guess. */
  refused(address: string, credential: string): void;
}

/** Addresses that are remembered at a time, the latest ones. */
const MAX_ADDRESSES = 10_000;
const WINDOW_MS = 60_000;

/**
 * Returns a limiter of wrong credentials per client address and minute, in this process. What is counted are different
 * ones, so that a client that goes on asking with a token that has run out does not lock out its neighbours.
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

/** Tells credentials apart without keeping them. */
function fingerprint(credential: string): string {
  return createHash('sha256').update(credential).digest('base64url').slice(0, 11);
}
