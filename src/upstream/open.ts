import { adaptiveLimit, fixedLimit } from './adaptive-limit.js';
import { createBearer, createSigningProxy, type Authorize } from './authorize.js';
import { createUpstreamClient, type UpstreamClientOptions } from './client.js';
import { createClockSkew } from './clock-skew.js';
import { createEndpoints, type EndpointState } from './endpoints.js';
import { createExchange, type AttemptOutcome } from './exchange.js';
import { createFairQueue } from './fair-queue.js';
import { createLockOutGuard, type LockOutState } from './lock-out.js';
import { createRetryBudget } from './retry-budget.js';
import { watchReusedConnections } from './reused-connection.js';
import { createSigner } from './signature.js';
import { createTransport, type TransportOptions } from './transport.js';
import { createTroubleWatch, type Trouble } from './trouble.js';
import type { FetchTraces } from '../call/trace.js';

/** A secret, asked for each time it is used: the file it stands in may have changed. */
export type Secret = () => string;

/** How the contact centre is to know us. */
export type AuthorisationOptions =
  | {
      readonly kind: 'signature';
      /** One key, or two while they are being changed. */
      readonly keys: readonly { readonly accessKey: Secret; readonly secretKey: Secret }[];
      readonly timestamp: 'seconds' | 'milliseconds';
      readonly signedHeaders: readonly string[];
      readonly emptyQueryLine: boolean;
    }
  | { readonly kind: 'proxy'; readonly url: string; readonly accessKey: Secret; readonly secretKey: Secret }
  | { readonly kind: 'bearer'; readonly token: Secret };

export interface UpstreamOptions extends Pick<
  UpstreamClientOptions,
  'timeZoneOf' | 'numberStyle' | 'maxRetries' | 'settleMs' | 'now'
> {
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
  /** True: fewer at once while the contact centre shows signs of too much. */
  readonly adaptiveConcurrency: boolean;
  /** Most requests waiting behind those; one more fails at once. */
  readonly maxQueue: number;
  /** Refused signatures in a row after which nothing is sent until a probe succeeds. */
  readonly maxAuthFailures: number;
}

/** What an operator may want to hear of. */
export interface UpstreamEvents {
  readonly onAttempt: (outcome: AttemptOutcome, ms: number) => void;
  readonly onEndpoint: (baseUrl: string, state: EndpointState) => void;
  readonly onLockOut: (state: LockOutState) => void;
  /** A trouble meets every question, and the failure it made; or null: no more. */
  readonly onTrouble: (trouble: Trouble | null, failure: unknown) => void;
  readonly onClockSkew: (aheadMs: number, tolerated: boolean) => void;
  readonly onSeconds: UpstreamClientOptions['onSeconds'];
}

/** The contact centre, opened for this gateway. */
export interface OpenedUpstream {
  readonly fetchTraces: FetchTraces;
  /** How it fares at this moment. */
  readonly state: {
    /** By their number in the order of `baseUrls`, from 0 on. */
    readonly endpoints: readonly { readonly endpoint: number; readonly state: EndpointState }[];
    readonly authorisation: LockOutState;
    /** Unit: ms; null until the contact centre has told its time. */
    readonly clockAheadMs: number | null;
    readonly inFlight: number;
    readonly queued: number;
    /** Most requests at once, as of now. */
    readonly concurrency: number;
  };
  close(): Promise<void>;
}

const RETRY_BUDGET = { share: 0.2, floor: 10, windowMs: 10_000 };
const BREAKER = { failuresMax: 5, firstPauseMs: 1_000, longestPauseMs: 30_000 };
const LOCK_OUT = { firstPauseMs: 30_000, longestPauseMs: 600_000, proofMs: 30_000 };

/** Opens the contact centre, there or not: nothing is sent before the first question. */
export function openUpstream(options: UpstreamOptions, events: UpstreamEvents): OpenedUpstream {
  const { maxConcurrency, attemptTimeoutMs, now } = options;
  const transport = createTransport({
    ...options.tls,
    connections: maxConcurrency,
    timeoutMs: attemptTimeoutMs,
    serverName: options.host?.replace(/:\d+$/, ''),
    proxyUrl: options.proxyUrl,
  });
  // Its own connections: our certificate, the name in theirs and the proxy are for the contact centre alone.
  const signingTransport = createTransport({
    ca: options.tls.ca,
    connections: maxConcurrency,
    timeoutMs: attemptTimeoutMs,
  });
  const limit = options.adaptiveConcurrency ? adaptiveLimit(maxConcurrency) : fixedLimit(maxConcurrency);
  const queue = createFairQueue(() => limit.value, options.maxQueue);
  const endpoints = createEndpoints({ ...BREAKER, baseUrls: options.baseUrls, onChange: events.onEndpoint });
  const lockOut = createLockOutGuard({
    ...LOCK_OUT,
    maxRefusals: options.maxAuthFailures,
    credentials: () => credentialsOf(options.authorisation),
    now,
    onChange: events.onLockOut,
  });
  const clockSkew = createClockSkew(now, events.onClockSkew);
  const reused = watchReusedConnections();
  const trouble = createTroubleWatch(events.onTrouble);
  const ways = waysOf(options.authorisation);
  const exchange = createExchange({
    ...options,
    ...{ endpoints, queue, lockOut, ways, transport, limit, clockSkew, reused, trouble },
    onAttempt: events.onAttempt,
  });

  return {
    fetchTraces: createUpstreamClient({
      ...options,
      exchange,
      budget: createRetryBudget({ ...RETRY_BUDGET, now }),
      onSeconds: events.onSeconds,
    }),
    get state() {
      return {
        endpoints: endpoints.states,
        authorisation: lockOut.state,
        clockAheadMs: clockSkew.aheadMs,
        inFlight: queue.running,
        queued: queue.waiting,
        concurrency: limit.value,
      };
    },
    async close() {
      reused.close();
      await Promise.all([transport.close(), signingTransport.close()]);
    },
  };

  function waysOf(authorisation: AuthorisationOptions): Authorize[] {
    switch (authorisation.kind) {
      case 'signature':
        return authorisation.keys.map((key) => createSigner({ ...authorisation, ...key, now }));
      case 'proxy':
        return [
          createSigningProxy({
            ...authorisation,
            url: new URL(authorisation.url),
            timeoutMs: attemptTimeoutMs,
            transport: signingTransport,
          }),
        ];
      case 'bearer':
        return [createBearer(authorisation.token)];
    }
  }
}

/** All that is signed with, as one text. */
function credentialsOf(authorisation: AuthorisationOptions): string {
  switch (authorisation.kind) {
    case 'signature':
      return JSON.stringify(authorisation.keys.map(({ accessKey, secretKey }) => [accessKey(), secretKey()]));
    case 'proxy':
      return JSON.stringify([authorisation.accessKey(), authorisation.secretKey()]);
    case 'bearer':
      return authorisation.token();
  }
}
