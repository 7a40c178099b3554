import { isFresh, standsIn, type FreshnessRules } from '../call/freshness.js';
import type { CallTrace } from '../call/trace.js';

/** When a trace that is held may answer although it is not fresh. */
export interface StandInOptions {
  readonly freshness: FreshnessRules;
  /** True: an unfinished trace that has gone stale answers at once, and is renewed behind the answer. */
  readonly staleWhileRevalidate: boolean;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** What a held trace is good for: to answer with, to answer with while it is renewed, to fall back on, or nothing. */
export type Worth = 'FRESH' | 'RENEW_BEHIND' | 'FALLBACK' | 'NOTHING';

/** Judges a held trace. */
export function worthOf(
  held: CallTrace | null | undefined,
  { freshness, staleWhileRevalidate, now }: StandInOptions,
): Worth {
  if (!held) return 'NOTHING';
  if (isFresh(held, freshness, now())) return 'FRESH';
  if (!standsIn(held, freshness, now())) return 'NOTHING';
  return staleWhileRevalidate && !held.final ? 'RENEW_BEHIND' : 'FALLBACK';
}

/** A held trace as an answer in place of a newer one. */
export function asStale(held: CallTrace): CallTrace {
  return { ...held, stale: true };
}
