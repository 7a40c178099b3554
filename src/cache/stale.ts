import { isFresh, isUsable, type Life } from '../call/life.js';
import type { CallTrace } from '../call/trace.js';

/** A trace that is kept, and how long it holds. */
export interface HeldTrace {
  readonly trace: CallTrace;
  readonly life: Life;
}

/** What a held trace is good for: to answer with, to answer with while it is renewed, to fall back on, or nothing. */
export type HeldUse = 'FRESH' | 'STALE_WHILE_REVALIDATE' | 'STALE_IF_ERROR' | 'NONE';

/** Judges a held trace. `staleWhileRevalidate`: what may still change answers at once although it is stale. */
export function useOf(held: HeldTrace | null | undefined, now: number, staleWhileRevalidate: boolean): HeldUse {
  if (!held) return 'NONE';
  if (isFresh(held.life, now)) return 'FRESH';
  if (!isUsable(held.life, now)) return 'NONE';
  return staleWhileRevalidate && held.life.reason !== 'settled' ? 'STALE_WHILE_REVALIDATE' : 'STALE_IF_ERROR';
}

/** A held trace as an answer in place of a newer one. */
export function asStale(trace: CallTrace): CallTrace {
  return { ...trace, stale: true };
}
