/** Pauses between two times. The address may be a replica's for good, and each time takes it away for a moment. Unit: ms. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Returns what replaces the connection to Redis when it leads to a server that takes no writes: `now` calls `reconnect`,
 * at once the first time, then after pauses that double, until `reset` tells that writes are taken. `monotonic` in ms.
 */
export function createReconnect(reconnect: () => void, monotonic: () => number): { now(): void; reset(): void } {
  let pauseMs = FIRST_PAUSE_MS;
  let notBefore = -Infinity;
  return {
    now() {
      if (monotonic() < notBefore) return;
      notBefore = monotonic() + pauseMs;
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      reconnect();
    },
    reset() {
      pauseMs = FIRST_PAUSE_MS;
      notBefore = -Infinity;
    },
  };
}
