import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { addGauge, ATTEMPT_SECONDS, OPERATION_SECONDS } from './series.js';

/** Counts the events between the loader and the contact centre. Durations in seconds. */
export interface PathMetrics {
  /** A request to the contact centre ended. */
  attempt(outcome: string, seconds: number): void;
  /** A request to the contact centre got its slot after waiting in the queue. */
  queueWait(seconds: number): void;
  /** A reply was read, with the counts of its reading notes. */
  read(notes: Readonly<Record<string, number>>): void;
  /** A request for a trace joined one in flight in this process. */
  singleFlightJoin(): void;
  /** A request for a trace began to wait for another gateway's answer. */
  leaseWait(): void;
  /** A Redis command was lost or refused. */
  redisFailure(kind: string): void;
  /** A Redis command ended, failed or not. */
  redisCommand(kind: string, seconds: number): void;
}

/** The current state of the path. */
export interface PathState {
  readonly redis: 'up' | 'down' | 'off';
  /** Estimate. Unit: bytes. */
  readonly memoryBytes: number;
  readonly upstream: {
    readonly inFlight: number;
    readonly queued: number;
    /** Unit: ms; null until a reply had a date. */
    readonly clockAheadMs: number | null;
    readonly signature: { readonly state: string };
    readonly endpoints: readonly { readonly state: string }[];
  };
}

export interface PathMetricsOptions {
  /** Returns the state of the path; undefined before the path is open. Called for each scrape. */
  readonly path: () => PathState | undefined;
  /** Whether a Redis is configured. */
  readonly hasRedis: boolean;
  readonly maxInFlight: number;
  readonly maxQueue: number;
  /** Unit: bytes. */
  readonly maxMemoryBytes: number;
  /** All values of each label. */
  readonly attemptOutcomes: readonly string[];
  readonly readingNotes: readonly string[];
  readonly signatureStates: readonly string[];
  readonly redisFailures: readonly string[];
  readonly redisCommands: readonly string[];
}

/** Adds the metrics of the path, and returns the functions that update them. */
export function registerPathMetrics(register: Registry, options: PathMetricsOptions): PathMetrics {
  addStates(register, options);
  return { ...addUpstream(register, options), ...addCaches(register, options) };
}

function addUpstream(
  register: Registry,
  { attemptOutcomes, readingNotes }: PathMetricsOptions,
): Pick<PathMetrics, 'attempt' | 'queueWait' | 'read'> {
  const registers = [register];
  const attempts = new Counter({
    name: 'calltrace_upstream_attempts_total',
    help: 'Requests to the contact centre, by outcome: ok, or the cause of the failure.',
    labelNames: ['outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'calltrace_upstream_attempt_duration_seconds',
    help: 'Time of a request to the contact centre.',
    buckets: ATTEMPT_SECONDS,
    registers,
  });
  const waits = new Histogram({
    name: 'calltrace_upstream_queue_wait_seconds',
    help: 'Time that a request to the contact centre waited for its slot.',
    buckets: OPERATION_SECONDS,
    registers,
  });
  const notes = new Counter({
    name: 'calltrace_upstream_reading_notes_total',
    help: 'Irregularities in replies that could still be read, by kind: values or times that became null, records dropped.',
    labelNames: ['note'],
    registers,
  });
  for (const outcome of attemptOutcomes) attempts.inc({ outcome }, 0);
  for (const note of readingNotes) notes.inc({ note }, 0);
  return {
    attempt(outcome, seconds) {
      attempts.inc({ outcome });
      durations.observe(seconds);
    },
    queueWait: (seconds) => waits.observe(seconds),
    read(counts) {
      for (const [note, count] of Object.entries(counts)) notes.inc({ note }, count);
    },
  };
}

function addCaches(
  register: Registry,
  { redisFailures, redisCommands }: PathMetricsOptions,
): Pick<PathMetrics, 'singleFlightJoin' | 'leaseWait' | 'redisFailure' | 'redisCommand'> {
  const registers = [register];
  const singleFlightJoin = new Counter({
    name: 'calltrace_single_flight_joins_total',
    help: 'Requests for a trace that joined one in flight in this process.',
    registers,
  });
  const leaseWaits = new Counter({
    name: 'calltrace_lease_waits_total',
    help: "Requests for a trace that waited for another gateway's answer.",
    registers,
  });
  const failures = new Counter({
    name: 'calltrace_redis_failures_total',
    help: 'Redis commands that were lost (no answer in time, no connection) or refused (Redis answered an error).',
    labelNames: ['kind'],
    registers,
  });
  const durations = new Histogram({
    name: 'calltrace_redis_command_duration_seconds',
    help: 'Time of Redis commands, failed ones included, by purpose.',
    labelNames: ['kind'],
    buckets: OPERATION_SECONDS,
    registers,
  });
  for (const kind of redisFailures) failures.inc({ kind }, 0);
  for (const kind of redisCommands) durations.zero({ kind });
  return {
    singleFlightJoin: () => singleFlightJoin.inc(),
    leaseWait: () => leaseWaits.inc(),
    redisFailure: (kind) => failures.inc({ kind }),
    redisCommand: (kind, seconds) => durations.observe({ kind }, seconds),
  };
}

/** Adds the gauges that read the state of the path at each scrape. */
function addStates(register: Registry, options: PathMetricsOptions): void {
  const { path, hasRedis, maxInFlight, maxQueue, maxMemoryBytes, signatureStates } = options;
  const gauge = (name: string, help: string, value: (state: PathState) => number): void =>
    addGauge(register, `calltrace_${name}`, help, () => {
      const state = path();
      return state ? value(state) : 0;
    });
  if (hasRedis)
    gauge('redis_up', 'Whether Redis is in use: 1, or 0 while its circuit breaker is open.', ({ redis }) =>
      Number(redis === 'up'),
    );
  gauge('memory_cache_bytes', 'Estimate of the size of the traces in memory.', ({ memoryBytes }) => memoryBytes);
  gauge('memory_cache_limit_bytes', 'Limit of the traces in memory: CACHE_MEMORY_MIB.', () => maxMemoryBytes);
  gauge('upstream_in_flight', 'Requests to the contact centre in flight.', ({ upstream }) => upstream.inFlight);
  gauge('upstream_in_flight_limit', 'Most requests to it in flight: CMS_MAX_CONCURRENCY.', () => maxInFlight);
  gauge('upstream_queued', 'Requests to the contact centre waiting for a slot.', ({ upstream }) => upstream.queued);
  gauge('upstream_queue_limit', 'Most requests that wait for a slot: CMS_MAX_QUEUE.', () => maxQueue);
  gauge(
    'upstream_clock_ahead_seconds',
    'How far our clock is ahead of the contact centre.',
    ({ upstream }) => (upstream.clockAheadMs ?? 0) / 1000,
  );
  const signature = new Gauge({
    name: 'calltrace_upstream_signature_state',
    help: 'State of our keys: 1 for the current state, 0 for the others. While refused, locked or no_answer only probes are sent.',
    labelNames: ['state'],
    registers: [register],
    collect() {
      const current = path()?.upstream.signature.state;
      for (const state of signatureStates) signature.set({ state: state.toLowerCase() }, state === current ? 1 : 0);
    },
  });
  const endpointUp = new Gauge({
    name: 'calltrace_upstream_endpoint_up',
    help: 'Whether an address of the contact centre is in use, in the order of CMS_BASE_URLS.',
    labelNames: ['endpoint'],
    registers: [register],
    collect() {
      path()?.upstream.endpoints.forEach(({ state }, endpoint) => endpointUp.set({ endpoint }, state === 'UP' ? 1 : 0));
    },
  });
}
