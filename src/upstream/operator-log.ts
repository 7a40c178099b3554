import type { Clock } from '../call/clock.js';
import type { Endpoint, EndpointState } from './endpoints.js';
import { OUTCOMES, type FailureCause } from './failure.js';
import type { SignatureState } from './lockout.js';

/** Where the upstream writes its lines for the operator. */
export interface Log {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** Tells the operator of failing requests, of addresses that go down and come up, and what becomes of our keys. */
export interface OperatorLog {
  /** A request ended, well or not. Of failures the first has a line at once, the others one line for each window. */
  attempt(cause: FailureCause, endpoint: Pick<Endpoint, 'index' | 'baseUrl'>): void;
  /** A question was refused because too many wait. */
  readonly overload: () => void;
  endpoint(endpoint: Endpoint, state: EndpointState): void;
  /** `probeAt`: when the next probe is due, by the monotonic clock; null unless there is a pause. */
  signature(state: SignatureState, probeAt: number | null): void;
  close(): void;
}

/** One line is written for each of these. Unit: ms. */
const WINDOW_MS = 30_000;
/** A failure after so long without one has a line at once. Unit: ms. */
const QUIET_MS = 60_000;
const QUEUE_FULL = 'queue_full';

const SIGNATURE_LINES: Readonly<Record<SignatureState, readonly ['info' | 'warn' | 'error', string]>> = {
  PROVEN: ['info', 'the contact centre accepts our signatures'],
  UNPROVEN: ['warn', 'our key is not proven any more: few requests at a time until a signature is accepted'],
  REFUSED: [
    'error',
    'the contact centre refuses our signatures (HTTP 401): check the keys and the clock; nothing is sent until the next probe',
  ],
  LOCKED: [
    'error',
    'the contact centre has locked this address (HTTP 403): wait, or ask its administrator; nothing is sent until the next probe',
  ],
  NO_ANSWER: [
    'warn',
    'the contact centre gave no answer before our key was proven: nothing is sent until the next probe',
  ],
};

/** Returns a log for the operator. A client that left is no failure. */
export function createOperatorLog(log: Log, clock: Clock): OperatorLog {
  let lastFailureAt = -Infinity;
  let requests = 0;
  /** Failures of the window by outcome and code, those told at once left out. */
  let counts = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  const down = new Set<Endpoint>();

  return {
    attempt({ outcome, code }, { index, baseUrl }) {
      requests += 1;
      if (outcome === 'ok' || outcome === 'abandoned') return;
      const fields = { cause: outcome, code, endpoint: index, baseUrl };
      fail(code === null ? outcome : `${outcome} ${code}`, fields, OUTCOMES[outcome].words);
    },
    overload: () => fail(QUEUE_FULL, { cause: QUEUE_FULL }, 'too many wait already'),
    endpoint(endpoint, state) {
      const { index, baseUrl, breaker, lastFailure } = endpoint;
      const fields = { endpoint: index, baseUrl };
      if (state === 'UP' && down.delete(endpoint)) {
        log.info(fields, 'the contact centre answers again at this address');
      } else if (state === 'DOWN' && !down.has(endpoint)) {
        down.add(endpoint);
        log.warn(
          { ...fields, cause: lastFailure?.outcome, code: lastFailure?.code, ...nextProbe(breaker.probeAt) },
          'the contact centre keeps failing at this address: nothing is sent there until the next probe',
        );
      }
    },
    signature(state, probeAt) {
      const [level, text] = SIGNATURE_LINES[state];
      log[level](nextProbe(probeAt), text);
    },
    close: () => clearTimeout(timer),
  };

  function nextProbe(at: number | null): { nextProbeInMs?: number } {
    return at === null ? {} : { nextProbeInMs: Math.max(0, Math.round(at - clock.monotonic())) };
  }

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
    const { [QUEUE_FULL]: queueFull = 0, ...causes } = Object.fromEntries(counts);
    const failed = Object.values(causes).reduce((sum, count) => sum + count, 0);
    const failedPercent = requests === 0 ? 0 : Math.round((100 * failed) / requests);
    const text = `requests to the contact centre failed in the last ${WINDOW_MS / 1000} s`;
    log.warn({ requests, failed, failedPercent, queueFull, causes }, text);
    openWindow();
  }
}
