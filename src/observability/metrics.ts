import { Counter, Histogram, Registry } from 'prom-client';
import { registerAccessMetrics, type AccessMetricsOptions } from './access-metrics.js';
import { FAILURE_CODES, worstCode } from './failure-codes.js';
import { createOperationLabels } from './operation-labels.js';
import { registerPathMetrics, type PathMetrics, type PathMetricsOptions } from './path-metrics.js';
import { registerProcessMetrics, type ProcessMetricsOptions } from './process-metrics.js';
import { REFUSAL_REASONS, type RefusalReason } from './refusals.js';
import { OPERATION_SECONDS } from './series.js';

/** The metrics of the gateway, for Prometheus. Labels hold no data of calls: their values are few and fixed. */
export interface Metrics extends PathMetrics {
  /**
   * Counts an answered operation of this kind (`query`, `mutation`, `none`) and name (null: none), with its error codes
   * (none: `ok`) and its duration in seconds. Returns the label of its name.
   */
  operation(kind: string, name: string | null, codes: readonly string[], seconds: number): string;
  /** Counts traces in an answer, by source and staleness. Default of `count`: 1. */
  answer(source: string, stale: boolean, count?: number): void;
  /** Counts a request to the fast path: `answered`, or the reason why it fell back to the standard path. */
  fastPath(outcome: string): void;
  /** Counts a request that was refused before an operation ran. */
  refused(reason: RefusalReason): void;
  /** Returns the body of /metrics. */
  text(): Promise<{ contentType: string; body: string }>;
}

export interface MetricsOptions extends PathMetricsOptions, ProcessMetricsOptions, AccessMetricsOptions {
  /** Most names of operations that become labels, in order of appearance; later ones are `other`. */
  readonly maxOperationNames: number;
  /** The reasons for which the fast path may fall back. */
  readonly fallbackReasons: readonly string[];
}

const KINDS = ['query', 'mutation', 'none'];
const SOURCES = ['upstream', 'shared_cache', 'memory'];

/** Returns the metrics of one gateway. Every series with fixed labels starts at 0. */
export function createMetrics(options: MetricsOptions): Metrics {
  const labelOf = createOperationLabels(options.maxOperationNames);
  const register = new Registry();
  const registers = [register];
  registerProcessMetrics(register, options);
  registerAccessMetrics(register, options);
  const pathMetrics = registerPathMetrics(register, options);

  const operations = new Counter({
    name: 'calltrace_operations_total',
    help: 'Operations answered, by kind, name and outcome: ok, or each code of an error in the answer.',
    labelNames: ['kind', 'name', 'outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'calltrace_operation_failures_total',
    help: 'Operations whose answer holds an error, each once, by the worst code.',
    labelNames: ['code'],
    registers,
  });
  const durations = new Histogram({
    name: 'calltrace_operation_duration_seconds',
    help: 'Time from the whole request to the answer, by kind of operation.',
    labelNames: ['kind'],
    buckets: OPERATION_SECONDS,
    registers,
  });
  const answers = new Counter({
    name: 'calltrace_answers_total',
    help: 'Traces that went into answers, by where they came from and whether they were stale.',
    labelNames: ['source', 'stale'],
    registers,
  });
  const fastPath = new Counter({
    name: 'calltrace_fast_path_requests_total',
    help: 'Requests that the fast path answered, or left to the standard path, by the reason.',
    labelNames: ['outcome'],
    registers,
  });
  const refused = new Counter({
    name: 'calltrace_refused_total',
    help: 'Requests refused before they were operations, by the reason.',
    labelNames: ['reason'],
    registers,
  });
  for (const code of FAILURE_CODES) failures.inc({ code }, 0);
  for (const kind of KINDS) durations.zero({ kind });
  for (const source of SOURCES) for (const stale of ['false', 'true']) answers.inc({ source, stale }, 0);
  for (const outcome of ['answered', ...options.fallbackReasons]) fastPath.inc({ outcome }, 0);
  for (const reason of REFUSAL_REASONS) refused.inc({ reason }, 0);

  return {
    ...pathMetrics,
    operation(kind, operationName, codes, seconds) {
      const name = labelOf(operationName);
      const code = worstCode(codes);
      if (code === null) operations.inc({ kind, name, outcome: 'ok' });
      else {
        for (const outcome of new Set(codes)) operations.inc({ kind, name, outcome });
        failures.inc({ code });
      }
      durations.observe({ kind }, seconds);
      return name;
    },
    answer: (source, stale, count = 1) => answers.inc({ source: source.toLowerCase(), stale: String(stale) }, count),
    fastPath: (outcome) => fastPath.inc({ outcome }),
    refused: (reason) => refused.inc({ reason }),
    text: async () => ({ contentType: register.contentType, body: await register.metrics() }),
  };
}
