import type { CallTrace } from './trace.js';

/** How long an answer may be given again without asking. Unit: ms. */
export interface FreshnessRules {
  /** Of a call that is over for good. */
  readonly finalMs: number;
  /** Of a call in progress, or over only just. */
  readonly openMs: number;
  /** Of a call that was not found. */
  readonly emptyMs: number;
}

/** Until when a trace may be given again without asking. Unit: ms since 1970-01-01 UTC. */
export function freshUntil(trace: Pick<CallTrace, 'records' | 'final' | 'fetchedAt'>, rules: FreshnessRules): number {
  if (trace.records.length === 0) return trace.fetchedAt + rules.emptyMs;
  return trace.fetchedAt + (trace.final ? rules.finalMs : rules.openMs);
}
