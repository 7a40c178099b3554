import type { Clock } from '../call/clock.js';
import { UpstreamUnavailableError } from '../call/errors.js';
import { createBreaker, type Breaker, type BreakerPass, type EndpointState } from './breaker.js';
import type { FailureCause } from './failure-cause.js';

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
