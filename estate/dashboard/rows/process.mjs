import { lines } from '../panel.mjs';

export const row = {
  title: 'Process',
  panels: [
    lines(
      'Memory',
      'bytes',
      'a-gateway-is-gone',
      'Resident memory of each gateway. Up to 250 MiB + 2 × CACHE_MEMORY_MIB are normal.',
      [
        ['process_resident_memory_bytes{$S} and on (job, instance) calltrace_build_info{$S}', '{{instance}}'],
        ['max(2 * calltrace_memory_cache_limit_bytes{$S} + 250 * 1024 * 1024)', 'normal up to'],
      ],
    ),
    lines(
      'Cache in memory',
      'bytes',
      'answers-are-slow',
      'Estimated size of the calls in memory, and the limit (CACHE_MEMORY_MIB), where it levels out.',
      [
        ['calltrace_memory_cache_bytes{$S}', '{{instance}}'],
        ['max(calltrace_memory_cache_limit_bytes{$S})', 'limit'],
      ],
    ),
    lines(
      'Heap of V8',
      'bytes',
      'a-gateway-is-gone',
      'What lives in the heap, for each gateway. Steady growth is a leak.',
      [['nodejs_heap_size_used_bytes{$S} and on (job, instance) calltrace_build_info{$S}', '{{instance}}']],
    ),
    lines(
      'Lateness of the event loop (p99)',
      's',
      'answers-are-slow',
      'Above 0.1 s there is too little processor time for the load.',
      [['nodejs_eventloop_lag_p99_seconds{$S} and on (job, instance) calltrace_build_info{$S}', '{{instance}}']],
    ),
    lines(
      'Processor time',
      'percentunit',
      'answers-are-slow',
      'Of one core, for each gateway. A gateway uses one core.',
      [
        [
          'rate(process_cpu_seconds_total{$S}[$__rate_interval]) and on (job, instance) calltrace_build_info{$S}',
          '{{instance}}',
        ],
      ],
    ),
    lines(
      'Garbage collection',
      'percentunit',
      'answers-are-slow',
      'Share of the time that V8 collects garbage, by kind.',
      [
        [
          'sum by (instance, kind) (rate(nodejs_gc_duration_seconds_sum{$S}[$__rate_interval]) and on (job, instance) calltrace_build_info{$S})',
          '{{instance}} {{kind}}',
        ],
      ],
    ),
    lines('Uptime', 's', 'a-gateway-is-gone', 'Time since each gateway started. A line that falls to 0 is a restart.', [
      ['time() - (process_start_time_seconds{$S} and on (job, instance) calltrace_build_info{$S})', '{{instance}}'],
    ]),
    lines(
      'Versions',
      'none',
      'a-gateway-is-gone',
      'How many gateways run which version. Two versions for long: a rollout has stopped half-way.',
      [['count by (version, revision, node) (calltrace_build_info{$S})', '{{version}} {{revision}} Node {{node}}']],
      { stacked: true },
    ),
    lines(
      'Logs that cannot be written',
      'none',
      'logs-that-cannot-be-written',
      'Lines that were dropped, by log, audit events that were lost, and gateways whose audit log fails now.',
      [
        ['sum by (log) (increase(calltrace_log_lines_dropped_total{$S}[$__rate_interval]))', 'lines dropped: {{log}}'],
        ['sum(increase(calltrace_audit_events_lost_total{$S}[$__rate_interval]))', 'audit events lost'],
        ['count(calltrace_audit_writable{$S}) - sum(calltrace_audit_writable{$S})', 'gateways whose audit log fails'],
      ],
    ),
  ],
};
