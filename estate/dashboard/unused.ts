const LAG = 'the 99th percentile is shown';
const KIND = 'for a diagnosis on the spot; the heap and the resident memory tell of leaks';

/** The families of /metrics that neither a panel nor an alert uses, and why. */
export const UNUSED: Readonly<Record<string, string>> = {
  nodejs_active_handles: KIND,
  nodejs_active_requests: KIND,
  nodejs_active_resources: KIND,
  nodejs_eventloop_lag_max_seconds: LAG,
  nodejs_eventloop_lag_mean_seconds: LAG,
  nodejs_eventloop_lag_min_seconds: LAG,
  nodejs_eventloop_lag_p50_seconds: LAG,
  nodejs_eventloop_lag_p90_seconds: LAG,
  nodejs_eventloop_lag_seconds: LAG,
  nodejs_eventloop_lag_stddev_seconds: LAG,
  nodejs_external_memory_bytes: KIND,
  nodejs_heap_size_total_bytes: KIND,
  nodejs_heap_space_size_available_bytes: KIND,
  nodejs_heap_space_size_total_bytes: KIND,
  nodejs_heap_space_size_used_bytes: KIND,
  nodejs_version_info: 'calltrace_build_info has the version of Node',
  process_cpu_system_seconds_total: 'part of process_cpu_seconds_total',
  process_cpu_user_seconds_total: 'part of process_cpu_seconds_total',
  process_heap_bytes: KIND,
  process_max_fds: 'MAX_CONNECTIONS is reached before',
  process_open_fds: 'calltrace_connections has what grows',
  process_virtual_memory_bytes: 'says nothing of the memory that is used',
};
