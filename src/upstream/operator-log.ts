import type { Clock } from '../call/clock.js';
import type { Endpoint } from './endpoints.js';
import { OUTCOMES, type FailureCause } from './failure.js';
import type { LockoutGuard, SignatureState } from './lockout.js';

/** The log that operators read. */
export interface Log {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** Failures are summed up in one line per window. Unit: ms. */
const WINDOW_MS = 30_000;
/** A failure after so long without any is logged at once. Unit: ms. */
const QUIET_MS = 60_000;

const SIGNATURE_LINES: Readonly<Record<SignatureState, readonly ['info' | 'warn' | 'error', string]>> = {
  PROVEN: ['info', 'the contact centre accepts our signatures'],
  UNPROVEN: ['warn', 'our key is not proven any more: few requests at a time until a signature is accepted'],
  REFUSED: ['error', 'the contact centre refuses our signatures (HTTP 401): check the keys and the clock'],
  LOCKED: ['error', 'the contact centre has locked this address (HTTP 403): wait, or ask its administrator'],
  NO_ANSWER: ['warn', 'the contact centre gave no answer before our key was proven'],
};

/**
 * Returns what logs failing requests, addresses that go down and come up, and changes of the state of our keys.
 */
export function createOperatorLog(log: Log, clock: Clock) {
  let lastFailureAt = -Infinity;
  let counts = newCounts();
  let timer: NodeJS.Timeout | undefined;

  return {
    /**
     * Counts a request that ended; a client that left is no failure. The first failure is logged at once, the others in one
     * line per window.
     */
    attempt({ outcome, code, detail }: FailureCause, { index, baseUrl }: Pick<Endpoint, 'index' | 'baseUrl'>): void {
      counts.requests += 1;
      if (outcome === 'ok' || outcome === 'abandoned') return;
      const fields = { cause: outcome, code, detail, endpoint: index, baseUrl };
      if (logAtOnce(fields, OUTCOMES[outcome].text)) return;
      const name = [outcome, code ?? detail].filter(Boolean).join(' ');
      counts.failed += 1;
      counts.causes[name] = (counts.causes[name] ?? 0) + 1;
    },
    /** Counts a request that was refused because the queue is full. */
    overload(): void {
      if (!logAtOnce({ cause: 'queue_full' }, 'too many wait already')) counts.queueFull += 1;
    },
    /** Logs that an address has gone down or is up again. */
    endpoint({ index, baseUrl, state, nextProbeInMs, lastFailure }: Endpoint): void {
      const fields = { endpoint: index, baseUrl };
      if (state === 'UP') return log.info(fields, 'the contact centre answers again at this address');
      log.warn(
        { ...fields, cause: lastFailure?.outcome, code: lastFailure?.code, nextProbeInMs },
        'the contact centre keeps failing at this address: nothing is sent there until the next probe',
      );
    },
    /** Logs that the state of our keys has changed, or that a pause begins. */
    signature({ state, nextProbeInMs }: Pick<LockoutGuard, 'state' | 'nextProbeInMs'>): void {
      const [level, text] = SIGNATURE_LINES[state];
      if (nextProbeInMs === null) log[level]({}, text);
      else log[level]({ nextProbeInMs }, `${text}; nothing is sent until the next probe`);
    },
    close: (): void => clearTimeout(timer),
  };

  function logAtOnce(fields: object, text: string): boolean {
    const now = clock.monotonic();
    const isFirst = now - lastFailureAt >= QUIET_MS;
    lastFailureAt = now;
    if (isFirst) log.warn(fields, `a request to the contact centre failed: ${text}`);
    if (timer === undefined) openWindow();
    return isFirst;
  }

  function openWindow(): void {
    counts = newCounts();
    timer = setTimeout(closeWindow, WINDOW_MS);
    timer.unref();
  }

  function closeWindow(): void {
    timer = undefined;
    const { requests, failed, queueFull } = counts;
    if (failed + queueFull === 0) {
      log.info({ requests }, `no request to the contact centre failed in the last ${WINDOW_MS / 1000} s`);
      return;
    }
    const failedPercent = Math.round((100 * failed) / Math.max(1, requests));
    log.warn({ ...counts, failedPercent }, `requests to the contact centre failed in the last ${WINDOW_MS / 1000} s`);
    openWindow();
  }
}

/** Returns the counts of a new window. Failures that are logged at once are not counted. */
function newCounts(): { requests: number; failed: number; queueFull: number; causes: Record<string, number> } {
  return { requests: 0, failed: 0, queueFull: 0, causes: {} };
}
