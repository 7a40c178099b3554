/** One cause for each verdict that the breaker of an address goes by. */
export const CAUSES = {
  ANSWERED: { outcome: 'ok', code: null },
  FAILED: { outcome: 'reset', code: 'ECONNRESET' },
  INCONCLUSIVE: { outcome: 'abandoned', code: null },
} as const;
