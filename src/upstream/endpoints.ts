import type { Clock } from '../call/clock.js';
import { UpstreamUnavailableError } from '../call/errors.js';
import type { FailureCause } from './failure.js';

/** How an address fares: `UP`, left alone after failures (`DOWN`), or being tried again by one request (`PROBED`). */
export type EndpointState = 'UP' | 'DOWN' | 'PROBED';

/** What became of a request, as far as it concerns the breaker: a client that left says `NOTHING`. */
export type BreakerVerdict = 'ANSWERED' | 'FAILED' | 'NOTHING';

/** Leave to send one request to an address. */
export interface BreakerPass {
  /** It decides whether an address that was down is up again. */
  readonly isProbe: boolean;
  /** Tells how the request ended, once. */
  end(verdict: BreakerVerdict): void;
}

/** Leaves an address alone while it fails. */
export interface Breaker {
  /** Leave to send a request; null while the address is left alone. */
  pass(): BreakerPass | null;
  readonly state: EndpointState;
  /** When it may be tried again, by the monotonic clock; null unless it is down. Unit: ms. */
  readonly probeAt: number | null;
}

/** One address of the contact centre. */
export interface Endpoint {
  /** Its place in the order of preference, from 0 on. */
  readonly index: number;
  /** `https://ip:port`. */
  readonly baseUrl: string;
  readonly breaker: Breaker;
  /** How the last request that failed there did; `at` by the monotonic clock. Null: none did. */
  lastFailure: (FailureCause & { readonly at: number }) | null;
}

/** Which address a request goes to. */
export interface EndpointChoice {
  /** The address that has just failed this question: taken last. */
  readonly not?: Endpoint | null;
  /** This one or none. */
  readonly only?: Endpoint | undefined;
}

/** The addresses of the contact centre, in the order of preference. */
export interface Endpoints {
  readonly all: readonly Endpoint[];
  /** The first address that is up, or due to be tried again. Throws UpstreamUnavailableError if all are left alone. */
  take(choice: EndpointChoice): { readonly endpoint: Endpoint; readonly pass: BreakerPass };
}

/** Returns the addresses, each behind a breaker of its own. `onChange` is called after each change of state. */
export function createEndpoints(
  baseUrls: readonly string[],
  clock: Clock,
  onChange: (endpoint: Endpoint, state: EndpointState) => void,
): Endpoints {
  const all = baseUrls.map((baseUrl, index) => {
    const breaker = createBreaker(clock, (state) => onChange(endpoint, state));
    const endpoint: Endpoint = { index, baseUrl, breaker, lastFailure: null };
    return endpoint;
  });
  return {
    all,
    take({ not, only }) {
      const order = only ? [only] : all.toSorted((a, b) => Number(a === not) - Number(b === not));
      for (const endpoint of order) {
        const pass = endpoint.breaker.pass();
        if (pass) return { endpoint, pass };
      }
      const probeAt = Math.min(...all.map(({ breaker }) => breaker.probeAt ?? Infinity));
      throw new UpstreamUnavailableError('the contact centre keeps failing; it is left alone for a moment', {
        retryAfterMs: probeAt < Infinity ? Math.max(0, probeAt - clock.monotonic()) : undefined,
      });
    },
  };
}

/** Failures in a row after which an address is left alone. */
const MAX_FAILURES = 5;
/** The first pause, which doubles with each failed probe up to the longest. Unit: ms. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Returns a breaker for one address. `onChange` is called after every change of state. */
export function createBreaker(clock: Clock, onChange: (state: EndpointState) => void): Breaker {
  let state: EndpointState = 'UP';
  let failures = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let probeAt = 0;
  /** Counts the changes of state: what was sent before the last one says nothing about this one. */
  let changes = 0;

  return {
    pass() {
      if (state === 'PROBED' || (state === 'DOWN' && clock.monotonic() < probeAt)) return null;
      const isProbe = state === 'DOWN';
      if (isProbe) become('PROBED');
      const sentIn = changes;
      return { isProbe, end: (verdict) => sentIn === changes && judge(verdict) };
    },
    get state() {
      return state;
    },
    get probeAt() {
      return state === 'DOWN' ? probeAt : null;
    },
  };

  function judge(verdict: BreakerVerdict): void {
    if (verdict === 'NOTHING') {
      if (state === 'PROBED') become('DOWN'); // the next request is the probe
    } else if (verdict === 'ANSWERED') {
      failures = 0;
      if (state === 'PROBED') become('UP');
    } else if (state === 'PROBED' || (failures += 1) >= MAX_FAILURES) {
      pauseMs = state === 'PROBED' ? Math.min(LONGEST_PAUSE_MS, pauseMs * 2) : FIRST_PAUSE_MS;
      probeAt = clock.monotonic() + pauseMs;
      failures = 0;
      become('DOWN');
    }
  }

  function become(next: EndpointState): void {
    state = next;
    changes += 1;
    onChange(next);
  }
}
