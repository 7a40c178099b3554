import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import {
  TraceError,
  UpstreamMalformedError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../call/errors.js';
import { SigningProxyError } from './authorize.js';

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
  /** By their number in the order in which they were given, from 0 on: the addresses themselves are nobody's business. */
  readonly states: readonly { readonly endpoint: number; readonly state: EndpointState }[];
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
  /** How often it went down or came back. */
  turns: number;
}

/** A failure of work that began before the address last went down or came back: old news, which must not undo that. */
class LateFailure extends Error {}

/** Returns the addresses, each behind a circuit breaker. A full queue, a 429 or a refusal says nothing against an address. */
export function createEndpoints(options: EndpointsOptions): Endpoints {
  const guarded = options.baseUrls.map((baseUrl): Guarded => {
    // An unhandled failure of a probe would close the breaker, as if the address had answered.
    const handles = (error: Error): boolean =>
      !(error instanceof LateFailure) &&
      (breaker.state === CircuitState.HalfOpen ? !isAnswer(error) : speaksAgainst(error));
    const breaker: CircuitBreakerPolicy = circuitBreaker(handleWhen(handles), {
      breaker: new ConsecutiveBreaker(options.failuresMax),
      halfOpenAfter: new ExponentialBackoff({ initialDelay: options.firstPauseMs, maxDelay: options.longestPauseMs }),
    });
    const one: Guarded = { endpoint: { baseUrl }, breaker, turns: 0 };
    const turn = (state: EndpointState): void => {
      // Each probe that fails breaks the circuit anew, which is no change.
      const changes = (one.turns % 2 === 0) === (state === 'DOWN');
      if (!changes) return;
      one.turns += 1;
      options.onChange(baseUrl, state);
    };
    breaker.onBreak(() => turn('DOWN'));
    breaker.onReset(() => turn('UP'));
    return one;
  });

  return {
    async run(work, not) {
      const order = guarded.toSorted((a, b) => Number(a.endpoint === not) - Number(b.endpoint === not));
      for (const one of order) {
        const { endpoint, breaker, turns } = one;
        // While one request probes, cockatiel would make the others wait for it.
        if (breaker.state === CircuitState.HalfOpen) continue;
        try {
          return await breaker.execute(() =>
            work(endpoint).catch((error: unknown) => {
              throw one.turns === turns ? error : new LateFailure('late', { cause: error });
            }),
          );
        } catch (error) {
          if (error instanceof LateFailure) throw error.cause;
          if (!(error instanceof BrokenCircuitError)) throw error;
        }
      }
      throw new UpstreamUnavailableError('the contact centre keeps failing; it is left alone for a moment', {
        cause: new BrokenCircuitError(),
      });
    },
    get states() {
      return guarded.map(({ breaker }, endpoint) => ({ endpoint, state: STATES[breaker.state] }));
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
  if (error instanceof UpstreamMalformedError || error instanceof UpstreamRejectedError) return true;
  return error instanceof TraceError && error.status !== undefined;
}

function speaksAgainst(error: Error): boolean {
  if (error instanceof SigningProxyError) return false;
  return (error instanceof UpstreamUnavailableError && error.status !== 429) || error instanceof UpstreamTimeoutError;
}
