import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createOperationLabels } from './operation-labels.js';
import { createTally, createTimings } from './tally.js';
import type { TraceObserver, TracePath } from '../trace-path.js';
import type { SignatureState } from '../upstream/open.js';

/** What the gateway counts, for Prometheus. No label holds anything of a call: their values are few and known. */
export interface Metrics extends TraceObserver {
  /** An operation of this name (null: none) was answered: after so long, with these error codes (none: `ok`). Unit: seconds. */
  operation(kind: string, name: string | null, codes: readonly string[], seconds: number): void;
  /** So many traces (1, if it is not said) of one kind went into an answer. */
  answer(source: string, stale: boolean, count?: number): void;
  /** The fast lane was asked, and answered or left it to the plain way. */
  fastPath(outcome: string): void;
  /** The text that /metrics serves. */
  text(): Promise<{ contentType: string; body: string }>;
}

/** What can be known of our keys: every state has its series from the start. */
const SIGNATURE_STATES = [
  'PROVEN',
  'UNPROVEN',
  'REFUSED',
  'LOCKED',
  'NO_ANSWER',
] as const satisfies readonly SignatureState[];

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Returns the metrics of one gateway. `path` is asked for its state whenever they are read. The first `maxOperationNames`
 * names of operations are counted under themselves, later ones as `other`.
 */
export function createMetrics(
  path: () => Pick<TracePath, 'redis' | 'upstream' | 'memoryBytes'> | undefined,
  maxOperationNames: number,
): Metrics {
  const labelOf = createOperationLabels(maxOperationNames);
  const registers = [new Registry()];
  const [register] = registers as [Registry];
  collectDefaultMetrics({ register });

  const countOperation = createTally({
    name: 'calltrace_operations_total',
    help: 'Operations answered, by kind, name and outcome (ok, or the code of an error in the answer).',
    labelNames: ['kind', 'name', 'outcome'],
    registers,
  });
  const timeOperation = createTimings({
    name: 'calltrace_operation_duration_seconds',
    help: 'Time from the whole request to the answer, by kind of operation.',
    labelNames: ['kind'],
    buckets: SECONDS,
    registers,
  });
  const countAnswers = createTally({
    name: 'calltrace_answers_total',
    help: 'Traces that went into answers, by where they came from and whether they were stale.',
    labelNames: ['source', 'stale'],
    registers,
  });
  const countFastLane = createTally({
    name: 'calltrace_fast_lane_total',
    help: 'Requests that the fast lane answered, or left to the plain way.',
    labelNames: ['outcome'],
    registers,
  });
  const attempts = new Counter({
    name: 'calltrace_upstream_attempts_total',
    help: 'Requests to the contact centre, by outcome (ok, or the cause of the failure).',
    labelNames: ['outcome'],
    registers,
  });
  const attemptSeconds = new Histogram({
    name: 'calltrace_upstream_attempt_duration_seconds',
    help: 'Time of a request to the contact centre.',
    buckets: SECONDS,
    registers,
  });
  const readingNotes = new Counter({
    name: 'calltrace_upstream_reading_notes_total',
    help: 'What was odd in replies that could be read all the same, by kind: values or times taken for none, records dropped.',
    labelNames: ['note'],
    registers,
  });
  const coalesced = new Counter({
    name: 'calltrace_coalesced_total',
    help: 'Questions that joined one under way in this process.',
    registers,
  });
  const leaseWaits = new Counter({
    name: 'calltrace_lease_waits_total',
    help: "Questions that waited for another gateway's answer.",
    registers,
  });
  const redisFailures = new Counter({
    name: 'calltrace_redis_failures_total',
    help: 'Redis commands that were lost (no answer in time, no connection) or refused (Redis answered an error).',
    labelNames: ['kind'],
    registers,
  });

  gauge('calltrace_redis_up', 'Whether Redis is in use: 1, or 0 while it is left alone or none is configured.', () =>
    path()?.redis === 'up' ? 1 : 0,
  );
  gauge('calltrace_memory_bytes', 'Estimate of the traces held in memory.', () => path()?.memoryBytes ?? 0);
  gauge(
    'calltrace_upstream_in_flight',
    'Requests to the contact centre under way.',
    () => path()?.upstream.inFlight ?? 0,
  );
  gauge('calltrace_upstream_queued', 'Requests waiting for their turn.', () => path()?.upstream.queued ?? 0);
  gauge(
    'calltrace_upstream_clock_ahead_seconds',
    'How far our clock is ahead of the contact centre.',
    () => (path()?.upstream.clockAheadMs ?? 0) / 1000,
  );
  const signatureState = new Gauge({
    name: 'calltrace_upstream_signature_state',
    help: 'What is known of our keys: 1 for the state that holds, 0 for the others. While refused, locked or no_answer nothing is sent but probes.',
    labelNames: ['state'],
    registers,
    collect() {
      const current = path()?.upstream.signature.state;
      for (const state of SIGNATURE_STATES)
        signatureState.set({ state: state.toLowerCase() }, state === current ? 1 : 0);
    },
  });
  const endpointUp = new Gauge({
    name: 'calltrace_upstream_endpoint_up',
    help: 'Whether an address of the contact centre is in use, in the order of CMS_BASE_URLS.',
    labelNames: ['endpoint'],
    registers,
    collect() {
      path()?.upstream.endpoints.forEach(({ state }, index) =>
        endpointUp.set({ endpoint: index }, state === 'UP' ? 1 : 0),
      );
    },
  });

  return {
    operation(kind, operationName, codes, seconds) {
      const name = labelOf(operationName);
      if (codes.length === 0) countOperation(1, kind, name, 'ok');
      else for (const outcome of new Set(codes)) countOperation(1, kind, name, outcome);
      timeOperation(seconds, kind);
    },
    answer: (source, stale, count = 1) => countAnswers(count, source.toLowerCase(), String(stale)),
    fastPath: (outcome) => countFastLane(1, outcome),
    attempt(outcome, seconds) {
      attempts.inc({ outcome });
      attemptSeconds.observe(seconds);
    },
    read(notes) {
      for (const [note, count] of Object.entries(notes)) readingNotes.inc({ note }, count);
    },
    coalesced: () => coalesced.inc(),
    leaseWait: () => leaseWaits.inc(),
    redisFailure: (kind) => redisFailures.inc({ kind }),
    text: async () => ({ contentType: register.contentType, body: await register.metrics() }),
  };

  function gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  }
}
