import type { Clock } from '../call/clock.js';
import { UpstreamUnavailableError } from '../call/errors.js';
import { OUTCOMES, type FailureCause } from './failure.js';

/** How an address fares: `UP`, left alone after failures (`DOWN`), or being tried again by one request (`PROBED`). */
export type EndpointState = 'UP' | 'DOWN' | 'PROBED';

/** One address of the contact centre, behind a circuit breaker. */
export type Endpoint = ReturnType<typeof createEndpoint>;

/** Which address a request goes to. */
export interface EndpointChoice {
  /** The address that has just failed this question: taken last. */
  readonly not?: Endpoint | null;
  /** This one or none. */
  readonly only?: Endpoint | undefined;
}

/** The addresses of the contact centre, in the order of preference. */
export type Endpoints = ReturnType<typeof createEndpoints>;

/** Failures in a row after which an address is left alone. */
const MAX_FAILURES = 5;
/** The first pause, which doubles with each failed probe up to the longest. Unit: ms. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Returns the addresses. `onChange` is called when one goes down, and when it is up again. */
export function createEndpoints(baseUrls: readonly string[], clock: Clock, onChange: (endpoint: Endpoint) => void) {
  const all: readonly Endpoint[] = baseUrls.map((baseUrl, index) => {
    const endpoint: Endpoint = createEndpoint(baseUrl, index, clock, () => onChange(endpoint));
    return endpoint;
  });
  return {
    all,
    /** The first address that is up, or due to be tried again. Throws UpstreamUnavailableError if all are left alone. */
    take({ not, only }: EndpointChoice) {
      const order = only ? [only] : all.toSorted((a, b) => Number(a === not) - Number(b === not));
      for (const endpoint of order) {
        const pass = endpoint.pass();
        if (pass) return { endpoint, pass };
      }
      const nextProbeInMs = Math.min(...all.map((endpoint) => endpoint.nextProbeInMs ?? Infinity));
      throw new UpstreamUnavailableError('the contact centre keeps failing, so nothing is sent to it for now', {
        retryAfterMs: nextProbeInMs < Infinity ? nextProbeInMs : undefined,
      });
    },
  };
}

function createEndpoint(baseUrl: string, index: number, clock: Clock, onChange: () => void) {
  let state: EndpointState = 'UP';
  let lastFailure: (FailureCause & { readonly at: number }) | null = null;
  let failures = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let probeAt = 0;
  /** Counts the changes of state: what was sent before the last one says nothing about this one. */
  let changes = 0;
  return {
    /** Its place in the order of preference, from 0 on. */
    index,
    /** `https://ip:port`. */
    baseUrl,
    get state(): EndpointState {
      return state;
    },
    /** How the last request that failed there did; `at` by the monotonic clock. Null: none did. */
    get lastFailure() {
      return lastFailure;
    },
    /** When it may be tried again; null unless it is down. Unit: ms. */
    get nextProbeInMs() {
      return state === 'DOWN' ? Math.max(0, Math.ceil(probeAt - clock.monotonic())) : null;
    },
    /**
     * Leave to send one request; null while the address is left alone. A probe decides whether it is up again. `end` is
     * to be told how the request ended, once.
     */
    pass() {
      if (state === 'PROBED' || (state === 'DOWN' && clock.monotonic() < probeAt)) return null;
      const isProbe = state === 'DOWN';
      if (isProbe) become('PROBED');
      const sentIn = changes;
      return {
        isProbe,
        end(cause: FailureCause): void {
          if (cause.outcome !== 'ok' && cause.outcome !== 'abandoned')
            lastFailure = { ...cause, at: clock.monotonic() };
          if (sentIn === changes) judge(OUTCOMES[cause.outcome].verdict, isProbe);
        },
      };
    },
  };

  function judge(verdict: 'ANSWERED' | 'FAILED' | 'NOTHING', isProbe: boolean): void {
    if (verdict === 'NOTHING') {
      if (isProbe) become('DOWN'); // the next request is the probe
    } else if (verdict === 'ANSWERED') {
      failures = 0;
      if (isProbe) become('UP');
    } else if (isProbe || (failures += 1) >= MAX_FAILURES) {
      pauseMs = isProbe ? Math.min(LONGEST_PAUSE_MS, pauseMs * 2) : FIRST_PAUSE_MS;
      probeAt = clock.monotonic() + pauseMs;
      become('DOWN');
    }
  }

  function become(next: EndpointState): void {
    const isNews = state === 'UP' || next === 'UP'; // that a probe goes out, or fails, is none
    state = next;
    changes += 1;
    if (isNews) onChange();
  }
}
