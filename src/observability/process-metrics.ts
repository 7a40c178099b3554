import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { addCounter, addGauge } from './series.js';

export interface ProcessMetricsOptions {
  /** The build: version, revision, and the version of Node. */
  readonly build: { readonly version: string; readonly revision: string; readonly node: string };
  /** Connections of clients that are open. */
  readonly connections: () => number;
  readonly maxConnections: number;
  /** Log lines dropped since the start, because their destination failed or was too slow. */
  readonly logLinesDropped: () => number;
  /** See `AuditLog`. */
  readonly audit: { readonly writable: boolean; readonly lost: number; readonly dropped: number };
}

/** Gauges of prom-client that are named like counters; other gauges count the handles of each kind. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** Adds the metrics of the process: build, Node, connections and logs. */
export function registerProcessMetrics(register: Registry, options: ProcessMetricsOptions): void {
  const { build, connections, maxConnections, logLinesDropped, audit } = options;
  collectDefaultMetrics({ register });
  for (const name of MISNAMED) register.removeSingleMetric(name);
  new Gauge({
    name: 'calltrace_build_info',
    help: 'Always 1: version and revision of the gateway, and the version of Node.',
    labelNames: ['version', 'revision', 'node'],
    registers: [register],
  }).set({ ...build }, 1);
  addGauge(register, 'calltrace_connections', 'Connections of clients that are open.', connections);
  addGauge(
    register,
    'calltrace_connections_limit',
    'Limit of open connections: MAX_CONNECTIONS.',
    () => maxConnections,
  );
  addCounter(
    register,
    'calltrace_log_lines_dropped_total',
    'Lines dropped because their destination failed or was too slow, by log: log, or audit (AUDIT_LOG_FILE).',
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
