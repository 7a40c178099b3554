import type { Clock } from '../call/clock.js';
import type { ReadingNotes } from '../call/trace.js';
import { createAttempt } from './attempt.js';
import { createAuthorisation, type AuthorisationOptions } from './authorize.js';
import { createUpstreamClient, type UpstreamClientOptions } from './client.js';
import { createContactCentreClock } from './contact-centre-clock.js';
import { createEndpoints } from './endpoints.js';
import type { AttemptOutcome } from './failure.js';
import { createLockoutGuard } from './lockout.js';
import { createOperatorLog, type Log } from './operator-log.js';
import { startProber } from './prober.js';
import { createQueue } from './queue.js';
import { createRetryBudget } from './retry-budget.js';
import { createTransport, type TransportOptions } from './transport.js';

export type { AuthorisationOptions, Secret } from './authorize.js';
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
  readonly onAttempt?: ((outcome: AttemptOutcome, seconds: number) => void) | undefined;
  /** Told of every request that got its slot, after waiting so long. Unit: seconds. */
  readonly onQueueWait?: ((seconds: number) => void) | undefined;
  /** Told of every trace that was read, with what was noticed. */
  readonly onRead?: ((notes: ReadingNotes) => void) | undefined;
}

/** The contact centre, opened for this gateway. */
export type OpenedUpstream = ReturnType<typeof openUpstream>;

/** Opens the contact centre, there or not: nothing is sent before the first question. */
export function openUpstream(options: UpstreamOptions, { clock, log, ...listeners }: UpstreamDependencies) {
  const { maxConcurrency, maxQueue, attemptTimeoutMs, host, proxyUrl } = options;
  const connections = { connections: maxConcurrency, timeoutMs: attemptTimeoutMs };
  const serverName = host?.replace(/:\d+$/, '');
  const transport = createTransport({ ...options.tls, ...connections, serverName, proxyUrl });
  // Its own connections: our certificate, the name in theirs and the proxy are for the contact centre alone.
  const signingTransport = createTransport({ ...connections, ca: options.tls.ca });
  const signing = { transport: signingTransport, timeoutMs: attemptTimeoutMs };
  const { signers, credentials } = createAuthorisation(options.authorisation, clock.wall, signing);
  const operatorLog = createOperatorLog(log, clock);
  const centreClock = createContactCentreClock(clock, log);
  const queue = createQueue(maxConcurrency, maxQueue, clock, () => operatorLog.overload(), listeners.onQueueWait);
  const endpoints = createEndpoints(options.baseUrls, clock, (endpoint) => operatorLog.endpoint(endpoint));
  const guard = createLockoutGuard(options.maxAuthFailures, signers.length, credentials, clock, () =>
    operatorLog.signature(guard),
  );
  const attempt = createAttempt({
    ...{ queue, guard, endpoints, signers, transport, centreClock, clock, host, attemptTimeoutMs },
    onAttempt(cause, endpoint, seconds) {
      operatorLog.attempt(cause, endpoint);
      listeners.onAttempt?.(cause.outcome, seconds);
    },
  });
  const stopProber = startProber(attempt, endpoints, guard, clock);
  const budget = createRetryBudget(clock);
  const { now } = centreClock;

  return {
    fetchTraces: createUpstreamClient({ ...options, attempt, budget, now, clock, onRead: listeners.onRead }),
    /** The clock that dates traces: the contact centre's, ours until it has told its time. Unit: ms since 1970-01-01 UTC. */
    now,
    /** How it fares at this moment, as /readyz tells it. Times to come are null where nothing is to come. Unit: ms. */
    get state() {
      return {
        endpoints: endpoints.all.map(({ index, state, lastFailure, nextProbeInMs }) => ({
          ...{ endpoint: index, state, nextProbeInMs },
          lastFailure: lastFailure && {
            cause: lastFailure.outcome,
            code: lastFailure.code,
            agoMs: clock.monotonic() - lastFailure.at,
          },
        })),
        signature: { state: guard.state, nextProbeInMs: guard.nextProbeInMs },
        clockAheadMs: centreClock.aheadMs,
        inFlight: queue.inFlight,
        queued: queue.queued,
        concurrency: maxConcurrency,
        pausedForMs: queue.pausedForMs,
      };
    },
    async close() {
      stopProber();
      operatorLog.close();
      queue.close();
      await Promise.all([transport.close(), signingTransport.close()]);
    },
  };
}
