import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { TraceError, UpstreamMalformedError, UpstreamTimeoutError, UpstreamUnavailableError } from '../call/errors.js';

/** One address of the contact centre. */
export interface Endpoint {
  /** `https://ip:port`. */
  readonly baseUrl: string;
}

/** How an address fares: `UP`, left alone after failures (`DOWN`), or being tried again (`PROBED`). */
export type EndpointState = 'UP' | 'DOWN' | 'PROBED';

/** The addresses of the contact centre, in the order of preference. */
export interface Endpoints {
  /**
   * Runs the work at the first address that is up; one that was down is tried again after a pause, by one request.
   * `not` is the address that has just failed, to be taken last. Errors: those of the work; UpstreamUnavailableError
   * caused by a BrokenCircuitError if all are down.
   */
  run<T>(work: (endpoint: Endpoint) => Promise<T>, not?: Endpoint): Promise<T>;
  readonly states: readonly { readonly baseUrl: string; readonly state: EndpointState }[];
}

export interface EndpointsOptions {
  readonly baseUrls: readonly string[];
  /** Failures in a row after which an address is left alone. */
  readonly failuresMax: number;
  /** First pause before it is tried again; doubles with each failed try … Unit: ms. */
  readonly firstPauseMs: number;
  /** … up to this. Unit: ms. */
  readonly longestPauseMs: number;
  /** Told when an address goes down, and when it is up again. */
  readonly onChange: (baseUrl: string, state: EndpointState) => void;
}

interface Guarded {
  readonly endpoint: Endpoint;
  readonly breaker: CircuitBreakerPolicy;
}

/** Returns the addresses, each behind a circuit breaker. A full queue, a 429 or a refusal says nothing against an address. */
export function createEndpoints(options: EndpointsOptions): Endpoints {
  const guarded = options.baseUrls.map((baseUrl): Guarded => {
    // An unhandled failure of a probe would close the breaker, as if the address had answered.
    const handles = (error: Error): boolean =>
      breaker.state === CircuitState.HalfOpen ? !isAnswer(error) : speaksAgainst(error);
    const breaker: CircuitBreakerPolicy = circuitBreaker(handleWhen(handles), {
      breaker: new ConsecutiveBreaker(options.failuresMax),
      halfOpenAfter: new ExponentialBackoff({ initialDelay: options.firstPauseMs, maxDelay: options.longestPauseMs }),
    });
    breaker.onBreak(() => options.onChange(baseUrl, 'DOWN'));
    breaker.onReset(() => options.onChange(baseUrl, 'UP'));
    return { endpoint: { baseUrl }, breaker };
  });

  return {
    async run(work, not) {
      const order = guarded.toSorted((a, b) => Number(a.endpoint === not) - Number(b.endpoint === not));
      for (const { endpoint, breaker } of order) {
        // While one request probes, cockatiel would make the others wait for it.
        if (breaker.state === CircuitState.HalfOpen) continue;
        try {
          return await breaker.execute(() => work(endpoint));
        } catch (error) {
          if (!(error instanceof BrokenCircuitError)) throw error;
        }
      }
      throw new UpstreamUnavailableError('the contact centre keeps failing; it is left alone for a moment', {
        cause: new BrokenCircuitError(),
      });
    },
    get states() {
      return guarded.map(({ endpoint, breaker }) => ({ baseUrl: endpoint.baseUrl, state: STATES[breaker.state] }));
    },
  };
}

const STATES: Readonly<Record<CircuitState, EndpointState>> = {
  [CircuitState.Closed]: 'UP',
  [CircuitState.Open]: 'DOWN',
  [CircuitState.HalfOpen]: 'PROBED',
  [CircuitState.Isolated]: 'DOWN',
};

/** Whether a failure shows that somebody answers at the address; a request that was not sent, or was abandoned, does not. */
function isAnswer(error: Error): boolean {
  if (speaksAgainst(error)) return false;
  return error instanceof UpstreamMalformedError || (error instanceof TraceError && error.status !== undefined);
}

function speaksAgainst(error: Error): boolean {
  return (error instanceof UpstreamUnavailableError && error.status !== 429) || error instanceof UpstreamTimeoutError;
}
