import type { FaultName } from './fault-names.js';

/** What a simulator is started with; everything has a default. */
export interface SimulatorOptions {
  /** 0 takes any free port. Default 0. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Another seed gives other calls for the same call IDs. Default 1. */
  seed?: number;
  /** Default `demo-access-key`. */
  accessKey?: string;
  /** Default `demo-secret-key`. */
  secretKey?: string;
  /** IANA name of the zone in which tables are cut by month. Default UTC. */
  timeZone?: string;
  /** Default 0. */
  latencyMs?: number;
  /** Refused signatures from one address, within `lockMs`, before it is locked. Default 5. */
  lockAfter?: number;
  /** How long a lock lasts. Default 60 000. */
  lockMs?: number;
  /** The clock, `Date` headers included. Unit: ms since 1970-01-01 UTC. Default `Date.now`. */
  now?: () => number;
  /** Speaks HTTPS with this certificate; with `requestCert`, only to clients that show one signed by `ca`. */
  tls?: { cert: string; key: string; ca?: string; requestCert?: boolean };
  /** Most requests that are worked on at once; the rest wait. Default unlimited. */
  capacity?: number;
}

/** What can be changed while a simulator runs. */
export interface Behaviour {
  /** Pause before every answer. */
  latencyMs: number;
  /** Random extra latency, up to this. */
  jitterMs: number;
  /** What goes wrong with trace requests; null: nothing. */
  fault: FaultName | null;
  /** Share of the requests that the fault meets, 0 to 1. */
  faultRate: number;
  /** The fault ends by itself after this many faulty answers; null: never. */
  faultCount: number | null;
  /** Only requests for these calls meet the fault; null: all. */
  faultCallIds: string[] | null;
  /** Pause that the fault `slow` adds. */
  slowMs: number;
  /** Header `Retry-After` of the fault `http-429`, sent as it is; null: no such header. */
  retryAfter: string | null;
  /** Most requests that are worked on at once; `Infinity`: no limit. */
  capacity: number;
  lockAfter: number;
  lockMs: number;
  /** Number of next connections whose TLS handshake fails; until then, those that are open are cut when they ask for a trace. */
  failHandshakes: number;
  /** How far its clock is ahead of `now`; negative: behind. Unit: ms. Locks and pauses do not follow it. */
  clockAheadMs: number;
  /** Whether replies bear the header `Date`. */
  sendDate: boolean;
  /** False lets every request in. */
  checkSignature: boolean;
  /** Secret key by access key. */
  accessKeys: Record<string, string>;
}

/** How a simulator behaves when it starts, and again after `reset`. */
export function initialBehaviour(options: SimulatorOptions): Behaviour {
  const { accessKey = 'demo-access-key', secretKey = 'demo-secret-key' } = options;
  return {
    latencyMs: options.latencyMs ?? 0,
    jitterMs: 0,
    fault: null,
    faultRate: 1,
    faultCount: null,
    faultCallIds: null,
    slowMs: 3000,
    retryAfter: null,
    capacity: options.capacity ?? Infinity,
    lockAfter: options.lockAfter ?? 5,
    lockMs: options.lockMs ?? 60_000,
    failHandshakes: 0,
    clockAheadMs: 0,
    sendDate: true,
    checkSignature: true,
    accessKeys: { [accessKey]: secretKey },
  };
}
