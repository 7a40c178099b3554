import type { Clock } from '../call/clock.js';
import { UpstreamUnavailableError } from '../call/errors.js';
import { OUTCOMES, type FailureCause } from './failure.js';

/** The state of an address's circuit breaker: `UP` (closed), `DOWN` (open: nothing is sent), or `PROBED` (half-open: one request is out). */
export type EndpointState = 'UP' | 'DOWN' | 'PROBED';

/** One address of the contact centre, behind a circuit breaker. */
export type Endpoint = ReturnType<typeof createEndpoint>;

/** Which address a request may go to. */
export interface EndpointChoice {
  /** The address where this request has just failed: it is tried last. */
  readonly avoid?: Endpoint | null;
  /** The only address allowed; undefined: any. */
  readonly only?: Endpoint | undefined;
}

/** The addresses of the contact centre, the preferred one first. */
export type Endpoints = ReturnType<typeof createEndpoints>;

/** Failures in a row after which the circuit breaker of an address opens. */
const MAX_FAILURES = 5;
/**
 * The pause doubles each time, from the first to the longest, until a request that is no probe succeeds: a contact centre
 * may answer probes alone. Unit: ms.
 */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Returns the addresses. `onChange` is called when an address goes down and when it is up again. */
export function createEndpoints(baseUrls: readonly string[], clock: Clock, onChange: (endpoint: Endpoint) => void) {
  const all: readonly Endpoint[] = baseUrls.map((baseUrl, index) => {
    const endpoint: Endpoint = createEndpoint(baseUrl, index, clock, () => onChange(endpoint));
    return endpoint;
  });
  return {
    all,
    /** Returns the first address that is up or due for a probe. Throws UpstreamUnavailableError if all are down. */
    take({ avoid, only }: EndpointChoice) {
      const order = only ? [only] : all.toSorted((a, b) => Number(a === avoid) - Number(b === avoid));
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
  /** Counts the changes of state: a request sent before the last change does not affect the current state. */
  let changes = 0;
  return {
    /** Position in the order of preference, from 0. */
    index,
    /** `https://ip:port`. */
    baseUrl,
    get state(): EndpointState {
      return state;
    },
    /** The last failure at this address; `at` by the monotonic clock. Null: none so far. */
    get lastFailure() {
      return lastFailure;
    },
    /** Time until the next probe; null unless the address is down. Unit: ms. */
    get nextProbeInMs() {
      return state === 'DOWN' ? Math.max(0, Math.ceil(probeAt - clock.monotonic())) : null;
    },
    /**
     * Returns the permission to send one request; null while the address is down. After a pause the one request allowed is
     * the probe. The caller calls `end` once, with the outcome of the request.
     */
    pass() {
      if (state === 'PROBED' || (state === 'DOWN' && clock.monotonic() < probeAt)) return null;
      const isProbe = state === 'DOWN';
      if (isProbe) setState('PROBED');
      const sentIn = changes;
      return {
        isProbe,
        end(cause: FailureCause): void {
          if (cause.outcome !== 'ok' && cause.outcome !== 'abandoned')
            lastFailure = { ...cause, at: clock.monotonic() };
          if (sentIn === changes) record(OUTCOMES[cause.outcome].verdict, isProbe);
        },
      };
    },
  };

  function record(verdict: 'ANSWERED' | 'FAILED' | 'INCONCLUSIVE', isProbe: boolean): void {
    if (verdict === 'INCONCLUSIVE') {
      if (isProbe) setState('DOWN'); // the next request is the probe
    } else if (verdict === 'ANSWERED') {
      failures = 0;
      if (isProbe) setState('UP');
      else pauseMs = FIRST_PAUSE_MS;
    } else if (isProbe || (failures += 1) >= MAX_FAILURES) {
      probeAt = clock.monotonic() + pauseMs;
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      setState('DOWN');
    }
  }

  function setState(next: EndpointState): void {
    const isChange = state === 'UP' || next === 'UP'; // DOWN and PROBED alternate without notice
    state = next;
    changes += 1;
    if (isChange) onChange();
  }
}
