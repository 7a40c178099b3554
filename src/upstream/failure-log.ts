import type { Clock } from '../call/clock.js';
import type { Endpoint } from './endpoints.js';
import { OUTCOMES, type FailureCause } from './failure-cause.js';
import type { Log } from './log.js';

/** Tells the operator of failing requests: the first at once, then one line for each window. */
export interface FailureLog {
  /** A request ended, well or not. */
  note(cause: FailureCause, endpoint: Pick<Endpoint, 'index' | 'baseUrl'>): void;
  /** A question was refused because too many wait. */
  readonly noteOverload: () => void;
  close(): void;
}

/** One line is written for each of these. Unit: ms. */
const WINDOW_MS = 30_000;
/** A failure after so long without one has a line at once. Unit: ms. */
const QUIET_MS = 60_000;
const QUEUE_FULL = 'queue_full';

/** Returns a log of failures. A client that left is none. */
export function createFailureLog(log: Log, clock: Clock): FailureLog {
  let lastFailureAt = -Infinity;
  let requests = 0;
  /** Failures of the window by outcome and code, those told at once left out. */
  let counts = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  return {
    note(cause, { index, baseUrl }) {
      requests += 1;
      const { outcome, code } = cause;
      if (outcome === 'ok' || outcome === 'abandoned') return;
      const fields = { cause: outcome, code, endpoint: index, baseUrl };
      fail(code === null ? outcome : `${outcome} ${code}`, fields, OUTCOMES[outcome].words);
    },
    noteOverload: () => fail(QUEUE_FULL, { cause: QUEUE_FULL }, 'too many wait already'),
    close: () => clearTimeout(timer),
  };

  function fail(name: string, fields: object, words: string): void {
    const now = clock.monotonic();
    if (now - lastFailureAt >= QUIET_MS) log.warn(fields, `a request to the contact centre failed: ${words}`);
    else counts.set(name, (counts.get(name) ?? 0) + 1);
    lastFailureAt = now;
    if (timer === undefined) openWindow();
  }

  function openWindow(): void {
    requests = 0;
    counts = new Map();
    timer = setTimeout(closeWindow, WINDOW_MS);
    timer.unref();
  }

  function closeWindow(): void {
    timer = undefined;
    if (counts.size === 0) {
      log.info({ requests }, `no request to the contact centre failed in the last ${WINDOW_MS / 1000} s`);
      return;
    }
    const { [QUEUE_FULL]: overloaded = 0, ...failures } = Object.fromEntries(counts);
    const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
    const failedPercent = requests === 0 ? 0 : Math.round((100 * failed) / requests);
    log.warn(
      { requests, failed, failedPercent, queueFull: overloaded, causes: failures },
      `requests to the contact centre failed in the last ${WINDOW_MS / 1000} s`,
    );
    openWindow();
  }
}
