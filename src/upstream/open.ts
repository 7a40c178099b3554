import type { Clock } from '../call/clock.js';
import type { ReadingNotes } from '../call/trace.js';
import { createAttempt } from './attempt.js';
import { createAuthorisation, type AuthorisationOptions } from './signers.js';
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

/** Where the contact centre is, and how requests are sent. */
export interface UpstreamOptions extends Pick<UpstreamClientOptions, 'timeZoneOf' | 'numberStyle' | 'maxRetries'> {
  /** `https://ip:port` of the contact centre, the preferred address first. */
  readonly baseUrls: readonly string[];
  readonly authorisation: AuthorisationOptions;
  readonly tls: Pick<TransportOptions, 'ca' | 'cert' | 'key'>;
  /** The contact centre's name and port for the Host header, SNI and certificate; undefined: those of the address. */
  readonly host: string | undefined;
  readonly proxyUrl: string | undefined;
  /** Limit of one attempt, from the first byte sent to the last byte received. Unit: ms. */
  readonly attemptTimeoutMs: number;
  /** Most requests in flight. */
  readonly maxConcurrency: number;
  /** Most requests waiting for a slot; one more fails at once. */
  readonly maxQueue: number;
  /** Signatures that may be refused before requests stop until a probe succeeds. */
  readonly maxAuthFailures: number;
  /** Whether traced requests hand their trace context on. Default: false. */
  readonly sendsTraceparent?: boolean | undefined;
}

/** What the upstream needs of the process. */
export interface UpstreamDependencies {
  readonly clock: Clock;
  readonly log: Log;
  /** Called after every request to the contact centre. Unit: seconds. */
  readonly onAttempt?: ((outcome: AttemptOutcome, seconds: number) => void) | undefined;
  /** Called for every request that got its slot, with the time it waited. Unit: seconds. */
  readonly onQueueWait?: ((seconds: number) => void) | undefined;
  /** Called for every trace that was read, with its reading notes. */
  readonly onRead?: ((notes: ReadingNotes) => void) | undefined;
}

/** The contact centre, opened for this gateway. */
export type OpenedUpstream = ReturnType<typeof openUpstream>;

/** Opens the upstream. It needs no contact centre yet: nothing is sent before the first request. */
export function openUpstream(options: UpstreamOptions, { clock, log, ...listeners }: UpstreamDependencies) {
  const { maxConcurrency, maxQueue, attemptTimeoutMs, host, proxyUrl } = options;
  const connections = { connections: maxConcurrency, timeoutMs: attemptTimeoutMs };
  const serverName = host?.replace(/:\d+$/, '');
  const transport = createTransport({ ...options.tls, ...connections, serverName, proxyUrl });
  // The signing proxy has connections of its own: client certificate, server name and HTTP proxy are for the contact centre.
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
    ...{
      queue,
      guard,
      endpoints,
      signers,
      transport,
      centreClock,
      clock,
      host,
      attemptTimeoutMs,
      sendsTraceparent: options.sendsTraceparent,
    },
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
    /** The clock that dates traces: the contact centre's, or ours until a reply had a date. Unit: ms since 1970-01-01 UTC. */
    now,
    /** The current state, as /readyz shows it. A time until an event is null if no event is due. Unit: ms. */
    get state() {
      return {
        endpoints: endpoints.all.map(({ index, state, lastFailure, nextProbeInMs }) => ({
          ...{ endpoint: index, state, nextProbeInMs },
          lastFailure: lastFailure && {
            cause: lastFailure.outcome,
            code: lastFailure.code,
            detail: lastFailure.detail ?? null,
            agoMs: Math.round(clock.monotonic() - lastFailure.at),
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
