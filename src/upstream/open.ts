import type { Clock } from '../call/clock.js';
import type { FetchTraces } from '../call/fetch-traces.js';
import type { ReadingNotes } from '../call/trace.js';
import { createAttempt } from './attempt.js';
import { createAuthorisation, type AuthorisationOptions } from './authorize.js';
import { createUpstreamClient, type UpstreamClientOptions } from './client.js';
import { createContactCentreClock } from './contact-centre-clock.js';
import { createEndpoints, type EndpointState } from './endpoints.js';
import type { AttemptOutcome } from './failure.js';
import { createLockoutGuard, type SignatureState } from './lockout.js';
import { createOperatorLog, type Log } from './operator-log.js';
import { createProber } from './prober.js';
import { createQueue } from './queue.js';
import { createRetryBudget } from './retry-budget.js';
import { createTransport, type TransportOptions } from './transport.js';

export type { AuthorisationOptions, Secret } from './authorize.js';
export type { EndpointState } from './endpoints.js';
export type { AttemptOutcome } from './failure.js';
export type { SignatureState } from './lockout.js';

/** Where the contact centre is, and how it is asked. */
export interface UpstreamOptions extends Pick<UpstreamClientOptions, 'timeZoneOf' | 'numberStyle' | 'maxRetries'> {
  /** `https://ip:port` of the contact centre, the preferred address first. */
  readonly baseUrls: readonly string[];
  readonly authorisation: AuthorisationOptions;
  readonly tls: Pick<TransportOptions, 'ca' | 'cert' | 'key'>;
  /** The contact centre's name and port, where the address does not tell them: for the Host header, SNI and certificate. */
  readonly host: string | undefined;
  readonly proxyUrl: string | undefined;
  /** One attempt, from the first byte out to the last byte in. Unit: ms. */
  readonly attemptTimeoutMs: number;
  /** Most requests at once. */
  readonly maxConcurrency: number;
  /** Most requests waiting behind those; one more fails at once. */
  readonly maxQueue: number;
  /** Signatures that may be refused before nothing is sent until a probe succeeds. */
  readonly maxAuthFailures: number;
}

/** What the upstream needs of the process. */
export interface UpstreamDependencies {
  readonly clock: Clock;
  readonly log: Log;
  /** Told of every request to the contact centre. Unit: seconds. */
  readonly onAttempt: (outcome: AttemptOutcome, seconds: number) => void;
  /** Told of every trace that was read, with what was noticed. */
  readonly onRead?: ((notes: ReadingNotes) => void) | undefined;
}

/** How the contact centre fares at this moment. Times to come are null where nothing is to come. Unit: ms. */
export interface UpstreamState {
  readonly endpoints: readonly {
    /** By its number in the order of `baseUrls`, from 0 on. */
    readonly endpoint: number;
    readonly state: EndpointState;
    /** The last request that failed there, and how long ago. Null: none did. */
    readonly lastFailure: {
      readonly cause: AttemptOutcome;
      readonly code: string | null;
      readonly agoMs: number;
    } | null;
    readonly nextProbeInMs: number | null;
  }[];
  readonly signature: { readonly state: SignatureState; readonly nextProbeInMs: number | null };
  /** How far our wall clock is ahead of the contact centre's; null until it has told its time. */
  readonly clockAheadMs: number | null;
  readonly inFlight: number;
  readonly queued: number;
  /** Most requests at once. */
  readonly concurrency: number;
  /** How long the contact centre has asked us to wait yet (`Retry-After`). */
  readonly pausedForMs: number | null;
}

/** The contact centre, opened for this gateway. */
export interface OpenedUpstream {
  readonly fetchTraces: FetchTraces;
  /** The clock that dates traces: the contact centre's, ours until it has told its time. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  readonly state: UpstreamState;
  close(): Promise<void>;
}

/** Opens the contact centre, there or not: nothing is sent before the first question. */
export function openUpstream(options: UpstreamOptions, { clock, log, ...told }: UpstreamDependencies): OpenedUpstream {
  const { maxConcurrency, maxQueue, attemptTimeoutMs, host, proxyUrl } = options;
  const connections = { connections: maxConcurrency, timeoutMs: attemptTimeoutMs };
  const serverName = host?.replace(/:\d+$/, '');
  const transport = createTransport({ ...options.tls, ...connections, serverName, proxyUrl });
  // Its own connections: our certificate, the name in theirs and the proxy are for the contact centre alone.
  const signingTransport = createTransport({ ...connections, ca: options.tls.ca });
  const signing = { transport: signingTransport, timeoutMs: attemptTimeoutMs };
  const { ways, credentials } = createAuthorisation(options.authorisation, clock.wall, signing);
  const operatorLog = createOperatorLog(log, clock);
  const centreClock = createContactCentreClock(clock, log);
  const queue = createQueue(maxConcurrency, maxQueue, clock, operatorLog.overload);
  const endpoints = createEndpoints(options.baseUrls, clock, (endpoint, state) => {
    operatorLog.endpoint(endpoint, state);
    prober.reschedule();
  });
  const guard = createLockoutGuard({
    ...{ maxRefusals: options.maxAuthFailures, pairs: ways.length, credentials, clock },
    onChange(state) {
      operatorLog.signature(state, guard.probeAt);
      prober.reschedule();
    },
  });
  const attempt = createAttempt({
    ...{ queue, guard, endpoints, ways, transport, centreClock, clock, host, attemptTimeoutMs },
    onAttempt(cause, endpoint, seconds) {
      if (cause.outcome !== 'ok' && cause.outcome !== 'abandoned')
        endpoint.lastFailure = { ...cause, at: clock.monotonic() };
      operatorLog.attempt(cause, endpoint);
      told.onAttempt(cause.outcome, seconds);
    },
  });
  const prober = createProber(attempt, endpoints, guard, clock);
  const budget = createRetryBudget(clock);
  const { now } = centreClock;

  return {
    fetchTraces: createUpstreamClient({ ...options, attempt, budget, now, clock, onRead: told.onRead }),
    now,
    get state() {
      return {
        endpoints: endpoints.all.map(({ index, breaker, lastFailure }) => ({
          endpoint: index,
          state: breaker.state,
          lastFailure: lastFailure && {
            cause: lastFailure.outcome,
            code: lastFailure.code,
            agoMs: clock.monotonic() - lastFailure.at,
          },
          nextProbeInMs: msUntil(breaker.probeAt),
        })),
        signature: { state: guard.state, nextProbeInMs: msUntil(guard.probeAt) },
        clockAheadMs: centreClock.aheadMs,
        inFlight: queue.inFlight,
        queued: queue.queued,
        concurrency: maxConcurrency,
        pausedForMs: queue.pausedForMs,
      };
    },
    async close() {
      prober.close();
      operatorLog.close();
      queue.close();
      await Promise.all([transport.close(), signingTransport.close()]);
    },
  };

  function msUntil(at: number | null): number | null {
    return at === null ? null : Math.max(0, Math.round(at - clock.monotonic()));
  }
}
