import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { addCounter, addGauge } from './series.js';

export interface ProcessMetricsOptions {
  /** What runs: version, revision, and the version of Node. */
  readonly build: { readonly version: string; readonly revision: string; readonly node: string };
  /** Connections of clients that are open. */
  readonly connections: () => number;
  readonly maxConnections: number;
  /** Lines of the log dropped since the start, because what they are written to failed or took them too slowly. */
  readonly logLinesDropped: () => number;
  /** See `AuditLog`. */
  readonly audit: { readonly writable: boolean; readonly lost: number; readonly dropped: number };
}

/** Gauges of prom-client named like counters; how many handles there are of each kind stands in others. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** Adds the metrics of the process itself: what runs, what Node tells, connections and logs. */
export function registerProcessMetrics(register: Registry, options: ProcessMetricsOptions): void {
  const { build, connections, maxConnections, logLinesDropped, audit } = options;
  collectDefaultMetrics({ register });
  for (const name of MISNAMED) register.removeSingleMetric(name);
  new Gauge({
    name: 'calltrace_build_info',
    help: 'Always 1: version and revision of the gateway, and the version of Node it runs on.',
    labelNames: ['version', 'revision', 'node'],
    registers: [register],
  }).set({ ...build }, 1);
  addGauge(register, 'calltrace_connections', 'Connections of clients that are open.', connections);
  addGauge(
    register,
    'calltrace_connections_limit',
    'Most connections that are taken: MAX_CONNECTIONS.',
    () => maxConnections,
  );
  addCounter(
    register,
    'calltrace_log_lines_dropped_total',
    'Lines dropped because what they are written to failed or took them too slowly, by log: log, or audit (AUDIT_LOG_FILE).',
    [
      { labels: { log: 'log' }, total: logLinesDropped },
      { labels: { log: 'audit' }, total: () => audit.dropped },
    ],
  );
  addGauge(
    register,
    'calltrace_audit_writable',
    'Whether audit events are written: 1, or 0 while they cannot be.',
    () => (audit.writable ? 1 : 0),
  );
  addCounter(register, 'calltrace_audit_events_lost_total', 'Audit events that were dropped.', [
    { labels: {}, total: () => audit.lost },
  ]);
}
