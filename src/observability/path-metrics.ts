import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { addGauge, ATTEMPT_SECONDS, OPERATION_SECONDS } from './series.js';

/** Told what happens between the loader and the contact centre. Durations in seconds. */
export interface PathMetrics {
  /** A request to the contact centre ended. */
  attempt(outcome: string, seconds: number): void;
  /** A request to the contact centre got its slot after waiting in the queue. */
  queueWait(seconds: number): void;
  /** A reply was read: how often each thing in it was odd. */
  read(notes: Readonly<Record<string, number>>): void;
  /** A question joined one in flight in this process. */
  coalesced(): void;
  /** A question began to wait for another gateway's answer. */
  leaseWait(): void;
  /** A Redis command was lost or refused. */
  redisFailure(kind: string): void;
  /** A Redis command ended, however it did. */
  redisCommand(kind: string, seconds: number): void;
}

/** How the path fares at this moment. */
export interface PathState {
  readonly redis: 'up' | 'down' | 'off';
  /** Estimate. Unit: bytes. */
  readonly memoryBytes: number;
  readonly upstream: {
    readonly inFlight: number;
    readonly queued: number;
    /** Unit: ms; null before it is known. */
    readonly clockAheadMs: number | null;
    readonly signature: { readonly state: string };
    readonly endpoints: readonly { readonly state: string }[];
  };
}

export interface PathMetricsOptions {
  /** Asked whenever the metrics are read; undefined before the path is open. */
  readonly path: () => PathState | undefined;
  /** Whether a Redis is configured. */
  readonly hasRedis: boolean;
  readonly maxInFlight: number;
  readonly maxQueue: number;
  /** Unit: bytes. */
  readonly maxMemoryBytes: number;
  /** The values of labels, all of them. */
  readonly attemptOutcomes: readonly string[];
  readonly readingNotes: readonly string[];
  readonly signatureStates: readonly string[];
  readonly redisFailures: readonly string[];
  readonly redisCommands: readonly string[];
}

/** Adds the metrics of the path, and returns what feeds them. */
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
    help: 'What was odd in replies that could be read all the same, by kind: values or times taken for none, records dropped.',
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
): Pick<PathMetrics, 'coalesced' | 'leaseWait' | 'redisFailure' | 'redisCommand'> {
  const registers = [register];
  const coalesced = new Counter({
    name: 'calltrace_coalesced_questions_total',
    help: 'Questions that joined one in flight in this process.',
    registers,
  });
  const leaseWaits = new Counter({
    name: 'calltrace_lease_waits_total',
    help: "Questions that waited for another gateway's answer.",
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
    help: 'Time of what was sent to Redis, the failed included, by its purpose.',
    labelNames: ['kind'],
    buckets: OPERATION_SECONDS,
    registers,
  });
  for (const kind of redisFailures) failures.inc({ kind }, 0);
  for (const kind of redisCommands) durations.zero({ kind });
  return {
    coalesced: () => coalesced.inc(),
    leaseWait: () => leaseWaits.inc(),
    redisFailure: (kind) => failures.inc({ kind }),
    redisCommand: (kind, seconds) => durations.observe({ kind }, seconds),
  };
}

/** Adds what is read off the path whenever the metrics are. */
function addStates(register: Registry, options: PathMetricsOptions): void {
  const { path, hasRedis, maxInFlight, maxQueue, maxMemoryBytes, signatureStates } = options;
  const gauge = (name: string, help: string, value: (state: PathState) => number): void =>
    addGauge(register, `calltrace_${name}`, help, () => {
      const state = path();
      return state ? value(state) : 0;
    });
  if (hasRedis)
    gauge('redis_up', 'Whether Redis is in use: 1, or 0 while it is left alone.', ({ redis }) =>
      Number(redis === 'up'),
    );
  gauge('memory_cache_bytes', 'Estimate of the traces held in memory.', ({ memoryBytes }) => memoryBytes);
  gauge('memory_cache_limit_bytes', 'Most that traces take in memory: CACHE_MEMORY_MIB.', () => maxMemoryBytes);
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
    help: 'What is known of our keys: 1 for the state that holds, 0 for the others. While refused, locked or no_answer nothing is sent but probes.',
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
