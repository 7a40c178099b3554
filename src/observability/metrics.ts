import { Counter, Histogram, Registry } from 'prom-client';
import { registerAccessMetrics, type AccessMetricsOptions } from './access-metrics.js';
import { FAILURE_CODES, worstCode } from './failure-codes.js';
import { createOperationLabels } from './operation-labels.js';
import { registerPathMetrics, type PathMetrics, type PathMetricsOptions } from './path-metrics.js';
import { registerProcessMetrics, type ProcessMetricsOptions } from './process-metrics.js';
import { REFUSAL_REASONS, type RefusalReason } from './refusals.js';
import { OPERATION_SECONDS } from './series.js';

/** What the gateway counts, for Prometheus. No label holds anything of a call: their values are few and known. */
export interface Metrics extends PathMetrics {
  /**
   * An operation of this kind (`query`, `mutation`, `none`) and name (null: none) was answered: after so long, with these
   * error codes (none: `ok`). Returns its name as labels bear it. Unit: seconds.
   */
  operation(kind: string, name: string | null, codes: readonly string[], seconds: number): string;
  /** So many traces (1, if it is not said) of one kind went into an answer. */
  answer(source: string, stale: boolean, count?: number): void;
  /** The fast path was asked, and answered, or fell back to the standard path for a reason. */
  fastPath(outcome: string): void;
  /** A request was refused before it was an operation. */
  refused(reason: RefusalReason): void;
  /** The text that /metrics serves. */
  text(): Promise<{ contentType: string; body: string }>;
}

export interface MetricsOptions extends PathMetricsOptions, ProcessMetricsOptions, AccessMetricsOptions {
  /** So many names of operations are labels, those seen first; later ones are `other`. */
  readonly maxOperationNames: number;
  /** Why the fast path may fall back. */
  readonly fallbackReasons: readonly string[];
}

const KINDS = ['query', 'mutation', 'none'];
const SOURCES = ['upstream', 'shared_cache', 'memory'];

/** Returns the metrics of one gateway. Every series whose labels are known has 0 from the start. */
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
